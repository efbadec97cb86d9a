using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Inference;

[Collection("Torch")]
public sealed class ModelPageTests
{
    [Fact]
    public void APage_IsOneFile_TheSameEachTime_AndNamesNoOtherPlace()
    {
        using var folder = new TempFolder();
        using var model = PageModels.LeNet(new LeNetOptions());
        model.SavePage(folder["a.html"]);
        model.SavePage(folder["b.html"]);
        string page = File.ReadAllText(folder["a.html"]);

        Assert.Equal(page, File.ReadAllText(folder["b.html"]));
        Assert.Equal(2, Directory.GetFiles(folder.Root).Length);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesAndTitles_AreNeverMarkup()
    {
        using var folder = new TempFolder();
        using var model = PageModels.LeNet(new LeNetOptions { ClassCount = 2 });
        string name = "</script><script>alert(1)</script>";
        model.SavePage(folder["page.html"], new PageOptions { Title = name, ClassNames = [name, "{{weights}}"] });

        string page = File.ReadAllText(folder["page.html"]);
        Assert.DoesNotContain("alert(1)</script>", page, StringComparison.Ordinal);
        Assert.Equal(3, page.Split("</script>").Length - 1);
        Assert.Contains("\"{{weights}}\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void SavePage_LeavesTheModelAsItWas()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        using var model = PageModels.LeNet(new LeNetOptions());
        model.train();
        var before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        model.SavePage(folder["page.html"]);

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(model.training);
        Assert.All(model.state_dict(), entry => Assert.True(entry.Value.eq(before[entry.Key]).all().item<bool>(), entry.Key));
    }

    [Theory]
    [InlineData("Normalization must be given", 3)]
    [InlineData("ImageShape must be null, or 1 or 3 channels", 2)]
    [InlineData("ClassNames must be 10 names", 1)]
    [InlineData("ExampleCount must be at least 0", 1)]
    [InlineData("MaxMebibytes must be a finite number above 0", 1)]
    public void WhatIsMissingOrOutOfRange_IsNamed_AndNothingIsWritten(string expected, int channels)
    {
        using var folder = new TempFolder();
        using var model = VisionModels.LeNet(
            new LeNetOptions
            {
                InputChannels = channels == 3 ? 3 : 1,
                ImageHeight = 28,
                ImageWidth = 28,
            }
        );
        var options = expected.Split(' ')[0] switch
        {
            "ImageShape" => new PageOptions { ImageShape = [channels, 28, 28] },
            "ClassNames" => new PageOptions { ClassNames = ["a", "b"] },
            "ExampleCount" => new PageOptions { ExampleCount = -1 },
            "MaxMebibytes" => new PageOptions { MaxMebibytes = double.NaN },
            _ => new PageOptions(),
        };

        var error = Assert.Throws<InvalidOptionsException>(() => model.SavePage(folder["page.html"], options));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void AFullDisk_LeavesTheFormerPage()
    {
        using var folder = new TempFolder();
        using var model = PageModels.LeNet(new LeNetOptions());
        File.WriteAllText(folder["page.html"], "the former page");
        using (new FullDisk(room: 1000))
        {
            Assert.Throws<IOException>(() => model.SavePage(folder["page.html"]));
        }

        Assert.Equal("the former page", File.ReadAllText(folder["page.html"]));
    }
}

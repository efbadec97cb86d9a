using System.Text.RegularExpressions;
using SkiaSharp;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Training;

/// <summary>Pictures and curves on the page of a run that no training made.</summary>
public sealed partial class RunPageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pictures_StandInTheirOrder_KnownOnesBeforeOthers()
    {
        string[] files =
        [
            "zebra_crossing.png",
            "my_own.png",
            "evolution_conv2.png",
            "evolution_conv1.png",
            "gates.png",
            "conv1_weights.png",
            "curves.png",
            "confusion.png",
            "confident_errors.png",
            "notes.txt",
        ];
        Write(files);
        Assert.Equal(
            ["conv1_weights.png", "gates.png", "evolution_conv1.png", "evolution_conv2.png", "my_own.png", "zebra_crossing.png"],
            RunPictures.Of(_folder.Root, others: true).Select(picture => picture.File)
        );
        Assert.Equal(
            ["conv1_weights.png", "gates.png", "evolution_conv1.png", "evolution_conv2.png"],
            RunPictures.Of(_folder.Root, others: false).Select(picture => picture.File)
        );
        Assert.Equal(
            [
                "The filters of the first convolution.",
                "The gates, step by step.",
                "What activates each map of conv1 most, over the epochs; a sudden change means that another image became the "
                    + "strongest.",
                "What activates each map of conv2 most, over the epochs; a sudden change means that another image became the "
                    + "strongest.",
                "my own",
                "zebra crossing",
            ],
            RunPictures.Of(_folder.Root, others: true).Select(picture => picture.Caption)
        );
        Assert.Equal(
            ["confusion.png", "confident_errors.png"],
            RunPictures.OfErrors(_folder.Root).Select(picture => picture.File)
        );
        File.Delete(_folder["confusion.png"]);
        Assert.Equal(["confident_errors.png"], RunPictures.OfErrors(_folder.Root).Select(picture => picture.File));
    }

    [Fact]
    public void Page_HasThePartsThatThereAre()
    {
        string[] always = ["Result", "Settings", "Curves", "Data and machine", "Files"];
        Assert.Equal(always, Sections());
        Write("confusion.png");
        Assert.Equal([.. always[..3], "Errors", .. always[3..]], Sections());
        Write("my_own.png");
        Assert.Equal([.. always[..3], "What it learned", "Errors", .. always[3..]], Sections());
    }

    [Fact]
    public void Pictures_AreInThePage_UpToTwoMegabytes_AndLinkedBeyond()
    {
        byte[] small = Photos.Encoded(SKColors.Red);
        File.WriteAllBytes(_folder["a.png"], small);
        File.WriteAllBytes(_folder["b.png"], [1, 2, 3]); // no picture
        File.WriteAllBytes(_folder["c.png"], [.. small, .. new byte[2_000_000 - (2 * small.Length) - 4]]); // one byte is left
        string page = Page([]);
        Assert.Equal(2, Regex.Count(page, "<img "));
        Assert.Contains("<figcaption>a</figcaption>", page, StringComparison.Ordinal);
        Assert.Contains("<p>b <a href=\"b.png\">b.png</a></p>", page, StringComparison.Ordinal);
        Assert.Contains("<figcaption>c</figcaption>", page, StringComparison.Ordinal);
        File.WriteAllBytes(_folder["d.png"], small);
        page = Page([]);
        Assert.Equal(2, Regex.Count(page, "<img "));
        Assert.Contains("<p>d <a href=\"d.png\">d.png</a></p>", page, StringComparison.Ordinal);
        File.AppendAllText(_folder["c.png"], "1"); // none is left
        page = Page([]);
        Assert.Equal(1, Regex.Count(page, "<img "));
    }

    [Fact]
    public void Curves_AreOneChartForEachMetric_ALineForEachKindOfData()
    {
        EpochRecord[] epochs =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(i =>
                    Epoch.Of(
                        i,
                        new Dictionary<string, double>
                        {
                            ["train_loss"] = 1.0 / i,
                            ["val_loss"] = i == 2 ? double.NaN : 2.0 / i,
                            ["test_loss"] = 3.0 / i,
                            ["own_number"] = i,
                            ["train_accuracy"] = double.NaN,
                        }
                    )
                ),
        ];
        string page = Page(epochs);
        Assert.Equal(4, Regex.Count(page, "<polyline "));
        int[] places = [.. new[] { ">training<", ">test<", ">validation<", ">other<" }.Select(PlaceOf)];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.NotEqual(-1, PlaceOf(">loss by epoch<"));
        Assert.DoesNotContain("No epoch was finished.", page, StringComparison.Ordinal);
        Assert.Contains("No epoch was finished.", Page([epochs[0] with { IsPartial = true }]), StringComparison.Ordinal);

        int PlaceOf(string text) => page.IndexOf(text, StringComparison.Ordinal);
    }

    private IEnumerable<string> Sections() => Headings().Matches(Page([])).Select(match => match.Groups[1].Value);

    private string Page(IReadOnlyList<EpochRecord> epochs)
    {
        RunHistoryTests.Record(epochs).Write(_folder["run.json"]);
        RunReport.Write(_folder.Root);
        return File.ReadAllText(_folder["report.html"]);
    }

    private void Write(params string[] files)
    {
        foreach (string file in files)
        {
            File.WriteAllBytes(_folder[file], Photos.Encoded(SKColors.Red));
        }
    }

    [GeneratedRegex("<h2>(.+?)</h2>")]
    private static partial Regex Headings();
}

using System.Text.Json.Nodes;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Folders;

/// <summary>What is known of a folder's images, and what a cache file keeps of it.</summary>
public sealed class FolderImagesTests
{
    private static readonly ImagePreparation Color = new();

    private static readonly ImageNormalization Sound = ImageNormalization.Centered(3);

    /// <summary>Two classes; three training files, then two test files.</summary>
    private static readonly FolderContent Content = new(
        "root",
        ["a", "b"],
        [NewFile("a", 1), NewFile("a", 2), NewFile("b", 1), NewFile("a", 3), NewFile("b", 2)],
        3,
        [new SkippedFile("stray.png", "lies in no class folder")]
    );

    [Fact]
    public void BrokenFiles_AreLeftOutOfTheirPart_InTheOrderOfTheFiles()
    {
        var images = Images(
            new()
            {
                [4] = "four",
                [3] = "three",
                [1] = "one",
                [0] = "zero",
            }
        );
        Assert.Equal((1, 1), (images.Count, images.TrainCount));
        Assert.Equal(["stray.png", "a/1.png", "a/2.png"], images.Skipped(isTraining: true).Select(file => file.Path));
        Assert.Equal(
            [new SkippedFile("a/3.png", "three"), new SkippedFile("b/2.png", "four")],
            images.Skipped(isTraining: false)
        );
        Assert.Equal(["b/1.png"], images.FileNames(isTraining: true));
        Assert.Empty(images.FileNames(isTraining: false));
        Assert.Equal([1], images.Labels(isTraining: true));
        Assert.Empty(images.Labels(isTraining: false));
    }

    [Fact]
    public void WhatIsLeft_MustHaveEveryClassAndATestImage()
    {
        Images(new() { [0] = "x", [4] = "x" }).RequireUsable();
        Assert.Equal(
            "'root' has no training images of these classes: b; the files that are there cannot be read. Replace them.",
            Fault(new() { [2] = "x" })
        );
        Assert.Equal(
            "'root' has no test images; the files that are there cannot be read. Replace them.",
            Fault(new() { [3] = "x", [4] = "x" })
        );
    }

    [Fact]
    public void Json_KeepsWhatDoesNotFollowFromTheFolder()
    {
        var images = Images(new() { [4] = "is empty", [0] = "is damaged" });
        var again = FolderImages.Of(Content, Color, images.ToJson());
        Assert.Equal(images.Broken.OrderBy(entry => entry.Key), again!.Broken.OrderBy(entry => entry.Key));
        Assert.Equal(Sound.Mean, again.Normalization.Mean);
        Assert.Equal(Sound.StandardDeviation, again.Normalization.StandardDeviation);
        var json = images.ToJson();
        json.Remove("skipped");
        Assert.Empty(FolderImages.Of(Content, Color, json)!.Broken);
        json["skipped"] = new JsonObject { ["2"] = null };
        Assert.Equal("", FolderImages.Of(Content, Color, json)!.Broken[2]);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void JsonOfFilesThatAreNotThere_DoesNotFit(int index, bool fits)
    {
        var json = Images(new() { [index] = "is empty", [1] = "is empty" }).ToJson();
        Assert.Equal(fits, FolderImages.Of(Content, Color, json) is not null);
        Assert.Null(FolderImages.Of(Content, new ImagePreparation { Channels = 1 }, json)); // three channels are normalized
    }

    [Fact]
    public void TwentyFaults_AreNamedInTheOrderOfTheirPaths_AndMoreAreCounted()
    {
        SkippedFile[] files = [.. Enumerable.Range(0, 21).Select(i => new SkippedFile($"{20 - i:00}.png", "is empty"))];
        string message = new BrokenFilesException(files[1..]).Explain("root", 30).Message.ReplaceLineEndings("\n");
        Assert.StartsWith(
            "'root' has 20 that cannot be used, of 30 files. Remove or replace them, or leave them out by OnBrokenFile.Skip:\n"
                + "- '00.png': it is empty\n- '01.png': it is empty\n",
            message,
            StringComparison.Ordinal
        );
        Assert.EndsWith("- '19.png': it is empty", message, StringComparison.Ordinal);
        message = new BrokenFilesException(files).Explain("root", 30).Message.ReplaceLineEndings("\n");
        Assert.EndsWith("- '19.png': it is empty\nand 1 more.", message, StringComparison.Ordinal);
    }

    private static string Fault(Dictionary<int, string> broken) =>
        Assert.Throws<DatasetFormatException>(() => Images(broken).RequireUsable()).Message;

    private static FolderImages Images(Dictionary<int, string> broken) => new(Content, broken, Sound);

    private static FolderFile NewFile(string name, int number) => new("", $"{name}/{number}.png", name, 1, default);
}

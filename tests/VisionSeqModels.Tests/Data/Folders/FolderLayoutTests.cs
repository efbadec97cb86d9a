using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Folders;

/// <summary>Whether the folders of a folder are classes or parts, and how files are divided.</summary>
public sealed class FolderLayoutTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train;test", null, true)]
    [InlineData("train;holdout", "holdout", true)]
    [InlineData("TRAIN;holdout", "HoldOut", true)]
    [InlineData("train;test;val", "val", true)] // the other test part is left out
    [InlineData("a;b", null, false)]
    [InlineData("a;b;test", null, false)] // a class of that name
    [InlineData("a;b;train", null, false)]
    [InlineData("", null, false)]
    public void Folders_AreParts_WhereNothingElseLiesBesideThem(string folders, string? testFolder, bool areParts)
    {
        Make(folders);
        var layout = FolderLayout.Of(_folder.Root, testFolder);
        Assert.Equal(areParts, layout.Test is not null);
        Assert.Equal(areParts, layout.Train != _folder.Root);
    }

    [Theory]
    [InlineData("train;test;car", null, "has the folders car, test, train, which may be classes or parts.")]
    [InlineData("train;test;val", null, "has the folders test, train, val, which may be classes or parts.")]
    [InlineData("train;holdout;car", "holdout", "has the folders car, holdout, train, which may be classes or parts.")]
    [InlineData("train", null, "has the folders train, which may be classes or parts.")]
    [InlineData("train;car", "val", "lacks the folder 'train' or 'val'.")]
    [InlineData("val;car", "val", "lacks the folder 'train' or 'val'.")]
    public void FoldersThatMayBeBoth_AreNamed(string folders, string? testFolder, string expected)
    {
        Make(folders);
        var error = Assert.Throws<DatasetFormatException>(() => FolderLayout.Of(_folder.Root, testFolder));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOrNothing_IsNoFolder()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Equal(
            $"'{_folder["file"]}' is a file. Name the folder that has a subfolder for each class.",
            Assert.Throws<DatasetFormatException>(() => FolderLayout.Of(_folder["file"], null)).Message
        );
        Assert.Equal(
            $"The folder '{_folder["none"]}' is not there. Name the folder that has a subfolder for each class.",
            Assert.Throws<DatasetNotFoundException>(() => FolderLayout.Of(_folder["none"], null)).Message
        );
    }

    [Fact]
    public void TwoGroups_AreOneInEachPart()
    {
        FolderFile[] files = [.. Files("a", "1"), .. Files("b", "1"), .. Files("a", "2"), .. Files("b", "2")];
        var (train, test) = FolderSplit.Of("root", files, ["a", "b"], Halves);
        Assert.Equal((6, 6), (train.Length, test.Length));
        Assert.Single(test.Select(file => Halves.Group!(file.Relative)).Distinct());
        FolderSplit.RequireApart("root", train, test, Halves.Group!);
    }

    [Fact]
    public void OneGroup_OrAClassOfOneGroup_CannotBeDivided()
    {
        Assert.Equal(
            "'root' has one group of files alone, '1'. Group must give different names for files that may be apart.",
            Fault([.. Files("a", "1"), .. Files("b", "1")])
        );
        Assert.StartsWith(
            "'root' has too few files, or groups, of these classes to have them in both parts: ",
            Fault([.. Files("a", "1"), .. Files("b", "2")]),
            StringComparison.Ordinal
        );
    }

    private static ImageFolderOptions Halves => new() { TestFraction = 0.4, Group = path => path.Split('/')[1] };

    private static string Fault(FolderFile[] files) =>
        Assert.Throws<DatasetFormatException>(() => FolderSplit.Of("root", files, ["a", "b"], Halves)).Message;

    private static IEnumerable<FolderFile> Files(string name, string group) =>
        Enumerable.Range(0, 3).Select(i => new FolderFile("", $"{name}/{group}/{i}", name, 1, default));

    private void Make(string folders)
    {
        foreach (string folder in folders.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            Directory.CreateDirectory(_folder[folder]);
        }
    }
}

using System.Text;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Folders;

/// <summary>Which files of a folder are found, in which order, and what is said of the others.</summary>
public sealed class FolderScanTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FoldersAndFiles_AreOrdered()
    {
        foreach (string name in new[] { "b", "B", "a", "ä", "c" })
        {
            Directory.CreateDirectory(_folder["folders/" + name + "1"]);
            File.WriteAllText(_folder["folders/" + name], "");
        }

        bool isOneCase = Directory.GetDirectories(_folder["folders"]).Length < 5;
        string[] names = isOneCase ? ["a", "b", "c", "ä"] : ["B", "a", "b", "c", "ä"];
        Assert.Equal(
            names.Select(name => name + "1"),
            FolderScan.Folders(_folder["folders"]).Select(folder => folder.Name.Normalize())
        );
        Assert.Equal(names, FolderScan.Files(_folder["folders"]).Select(file => file.Name.Normalize()));
    }

    [Fact]
    public void WhatCannotBeListed_IsNamed()
    {
        var error = Assert.Throws<DatasetFormatException>(() => FolderScan.Folders(_folder["none"]));
        Assert.Equal(_folder["none"], error.Path);
        Assert.Contains("cannot be listed: ", error.Message, StringComparison.Ordinal);
        Assert.Throws<DatasetFormatException>(() => FolderScan.Files(_folder["none"]));

        var scan = new FolderScan(_folder.Root);
        Assert.Empty(scan.FilesOf(new DirectoryInfo(_folder["none"]), "none"));
        var fault = Assert.Single(scan.Faults);
        Assert.Equal("none", fault.Path);
        Assert.StartsWith("cannot be listed (", fault.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(".)", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void FoldersBelowTheThirtySecond_AreNotRead()
    {
        string deep = "a" + string.Concat(Enumerable.Repeat("/x", 31));
        Directory.CreateDirectory(_folder[deep + "/y"]);
        File.WriteAllText(_folder[deep + "/1.png"], "1");
        File.WriteAllText(_folder[deep + "/y/2.png"], "2");
        var scan = new FolderScan(_folder.Root);
        var file = Assert.Single(scan.FilesOf(new DirectoryInfo(_folder["a"]), "a"));
        Assert.Equal((deep + "/1.png", "a", 1), (file.Relative, file.Class, file.Length));
        Assert.Equal(new SkippedFile(deep + "/y", "lies more than 32 folders deep"), Assert.Single(scan.Faults));
    }

    [Fact]
    public void ALinkToALink_IsFollowedToTheFile()
    {
        Directory.CreateDirectory(_folder["a"]);
        File.WriteAllText(_folder["far"], new string('x', 5000));
        File.SetLastWriteTimeUtc(_folder["far"], new DateTime(2001, 2, 3));
        File.CreateSymbolicLink(_folder["between"], _folder["far"]);
        File.CreateSymbolicLink(_folder["a/link"], _folder["between"]);
        File.CreateSymbolicLink(_folder["lost"], _folder["nowhere"]);
        File.CreateSymbolicLink(_folder["a/lost"], _folder["lost"]);
        var scan = new FolderScan(_folder.Root);
        var file = Assert.Single(scan.FilesOf(new DirectoryInfo(_folder["a"]), "a"));
        Assert.Equal(("a/link", 5000, new DateTime(2001, 2, 3)), (file.Relative, file.Length, file.Modified));
        Assert.Equal(new SkippedFile("a/lost", "is a link to nothing"), Assert.Single(scan.Faults));
    }

    [Fact]
    public void ClassNames_AreInTheComposedForm_WhichMustTellThemApart()
    {
        string composed = "é";
        string decomposed = composed.Normalize(NormalizationForm.FormD);
        Photos.Write(_folder.Root, 5, "a", decomposed);
        Assert.Equal(["a", composed], FolderContent.Of(_folder.Root, new ImageFolderOptions()).ClassNames);
        Photos.Write(_folder.Root, 5, composed);
        if (Directory.GetDirectories(_folder.Root).Length == 3)
        {
            Assert.Contains(
                "has two class folders whose names differ only in how Unicode writes them. Rename one.",
                Assert.Throws<DatasetFormatException>(() => FolderContent.Of(_folder.Root, new ImageFolderOptions())).Message,
                StringComparison.Ordinal
            );
        }
    }
}

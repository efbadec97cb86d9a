using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Datasets;

/// <summary>Where a data set is looked for, and what happens when it is not there.</summary>
public sealed class DatasetFinderTests : IDisposable
{
    private static readonly DatasetOptions Offline = new() { Download = false };

    private static readonly LocalCopies Copies = new([""]);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_AreTriedInTheirOrder_AndThoseElsewhereLast()
    {
        var finder = Finder();
        Assert.Null(finder.Find(_folder.Root, _folder["far"]));
        Touch("far/one");
        Assert.Equal(_folder["far"], finder.Find(_folder.Root, _folder["far"]));
        Touch("far/two");
        Assert.Equal(_folder["far"], finder.FindOrDownload(_folder.Root, Offline, null, Copies, _folder["far"]));
        Touch("sub/one", "sub/two");
        Assert.Equal(_folder["sub"], finder.Find(_folder.Root, _folder["far"]));
        Assert.Equal(_folder["sub"], finder.FindOrDownload(_folder.Root, Offline, null, Copies, _folder["far"]));
    }

    [Fact]
    public void OptionsOutOfRange_AreRefused_WhateverIsThere()
    {
        Touch("sub/one", "sub/two");
        Assert.Throws<InvalidOptionsException>(() =>
            Finder().FindOrDownload(_folder.Root, Offline with { TrainLimit = 0 }, null, Copies)
        );
        (Offline with { TrainLimit = 1, TestLimit = 1 }).Validate();
        Assert.Throws<InvalidOptionsException>(() => (Offline with { TestLimit = 0 }).Validate());
    }

    [Fact]
    public void ASetWithoutAnAddress_SaysSo()
    {
        Assert.Equal(
            $"The set was not found in '{_folder.Root}', and cannot be downloaded by this library. "
                + "Put the published files there, or name the folder that has them.",
            Message(new DatasetOptions(), null)
        );
        Assert.Contains("and downloads are off.", Message(Offline, (_, _) => Assert.Fail("asked")), StringComparison.Ordinal);
    }

    [Fact]
    public void ADownload_IsLogged_AndGoesToTheUsersFolder()
    {
        var logger = new ListLogger();
        string found = Finder()
            .FindOrDownload(
                _folder.Root,
                new DatasetOptions { Logger = logger },
                (folder, begun) =>
                {
                    Assert.Equal((_folder.Root, false), (folder, begun));
                    Touch("sub/one", "sub/two");
                },
                Copies
            );
        Assert.Equal(_folder["sub"], found);
        Assert.Equal([$"The set is not in {_folder.Root} yet: downloading"], logger.All);
    }

    [Fact]
    public void WhereSomeFilesAre_TheOthersGoBesideThem()
    {
        Touch("sub/one");
        string found = Finder()
            .FindOrDownload(
                _folder.Root,
                new DatasetOptions(),
                (folder, begun) =>
                {
                    Assert.Equal((_folder["sub"], true), (folder, begun));
                    Touch("sub/two");
                },
                Copies
            );
        Assert.Equal(_folder["sub"], found);
    }

    [Fact]
    public void AFailedDownload_SaysWhatIsMissingAndWhere()
    {
        Assert.StartsWith(
            $"The set was not found in '{_folder.Root}', and could not be downloaded: no way. ",
            Message(new DatasetOptions(), (_, _) => throw new IOException("no way.")),
            StringComparison.Ordinal
        );
        Touch("sub/one");
        Assert.StartsWith(
            $"The set in '{_folder["sub"]}' lacks two, and could not be downloaded: no way. ",
            Message(new DatasetOptions(), (_, _) => throw new IOException("no way")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AnotherProgramThatWasFaster_IsNoFault()
    {
        string found = Finder()
            .FindOrDownload(
                _folder.Root,
                new DatasetOptions(),
                (_, _) =>
                {
                    Touch("far/one", "far/two");
                    throw new IOException("in use");
                },
                Copies,
                _folder["far"]
            );
        Assert.Equal(_folder["far"], found);
        Assert.Contains("was downloaded to", Message(new DatasetOptions(), (_, _) => { }), StringComparison.Ordinal);
    }

    [Fact]
    public void Copies_AreNamedFromTheOuterFolderInwards_ByTheirNames()
    {
        Touch("sub/0.zip", "b.zip", "a.zip", "0.txt");
        var copies = new LocalCopies(["sub"]);
        Assert.Equal(
            $"But '{_folder["a.zip"]}' is there, which may hold it. Unpack it in its folder.",
            copies.Describe(_folder.Root)
        );
    }

    private string Message(DatasetOptions options, Action<string, bool>? download) =>
        Assert.Throws<DatasetNotFoundException>(() => Finder().FindOrDownload(_folder.Root, options, download, Copies)).Message;

    private static DatasetFinder Finder() =>
        new("The set", ["", "sub"], folder => File.Exists(Path.Combine(folder, "one")), Missing);

    private static List<string> Missing(string folder) =>
        new List<string> { "one", "two" }.FindAll(name => !File.Exists(Path.Combine(folder, name)));

    private void Touch(params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], "");
        }
    }
}

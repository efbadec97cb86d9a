using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a ledger's folder asks of the disk.</summary>
public sealed class FolderStoreDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SignOfLife_IsWrittenWhileItIsRead()
    {
        var store = new FolderStore(_folder["ledger"]);
        store.TryAppend("trials/a", 1, "one", []);
        store.Beat("trials/a", 1, "first");
        const FileShare All = FileShare.ReadWrite | FileShare.Delete;
        using (new FileStream(_folder["ledger/trials/a/lease-000001.json"], FileMode.Open, FileAccess.Read, All))
        {
            store.Beat("trials/a", 1, "second");
        }

        Assert.Equal("second", store.LastBeat("trials/a", 1));
    }

    /// <summary>Whoever finds run.json finds all that it speaks of.</summary>
    [Fact]
    public void RecordOfTheRun_IsFetchedLast()
    {
        var store = new FolderStore(_folder["ledger"]);
        string[] names = ["a.txt", "run.json", "state"];
        Array.ForEach(names, name => File.WriteAllText(_folder[name], name));
        store.TryAppend("trials/a", 1, "one", [.. names.Select(name => new TrialFile(name, _folder[name]))]);
        using var disk = new AlteredDisk();
        store.Fetch("trials/a", 1, _folder["to"]);
        Assert.Equal(["a.txt", "state", "run.json"], disk.Renamed);
    }

    /// <summary>A file that is only created may have another time than the server's.</summary>
    [Fact]
    public void Clock_IsAFileThatWasWrittenTo()
    {
        var lengths = new List<long>();
        using var disk = new AlteredDisk
        {
            FileTime = file =>
            {
                if (file.Name.EndsWith(".clock", StringComparison.Ordinal))
                {
                    lengths.Add(file.Length);
                }

                return new DateTime(2026, 1, 1);
            },
        };
        _ = new FolderStore(_folder["ledger"]);
        Assert.NotEqual(0, Assert.Single(lengths));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["ledger/tmp"]));
    }

    [Fact]
    public void WhatAKilledProcessLeft_StaysForADay_ToTheTick()
    {
        Array.ForEach(["young", "old"], name => Directory.CreateDirectory(_folder[$"ledger/tmp/{name}"]));
        var now = new DateTime(2026, 1, 3);
        using var disk = new AlteredDisk
        {
            FileTime = _ => now,
            FolderTime = path => now.AddDays(-1).AddTicks(Path.GetFileName(path) == "old" ? -1 : 0),
        };
        _ = new FolderStore(_folder["ledger"]);
        Assert.Equal(["young"], Directory.EnumerateFileSystemEntries(_folder["ledger/tmp"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FilesThatCannotBeRemoved_AreNoFault(bool isRefused)
    {
        var store = new FolderStore(_folder["ledger"]);
        File.WriteAllText(_folder["state"], "content");
        store.TryAppend("trials/a", 1, "one", [new TrialFile("state", _folder["state"])]);
        using var disk = new AlteredDisk
        {
            BeforeDeletion = _ => throw (isRefused ? new UnauthorizedAccessException() : new IOException()),
        };
        store.Forget("trials/a", 1);
        Assert.Equal("content"u8.ToArray(), store.Read("trials/a", 1, "state"));
    }
}

using VisionSeqModels.Core;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a file server may do to a ledger's folder.</summary>
public sealed class FolderStoreRaceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The rename was done, and its answer lost.</summary>
    [Fact]
    public void EntryThatIsThereAfterAll_IsOwn()
    {
        var store = new FolderStore(_folder["ledger"]);
        using var disk = new Disk(
            (path, target) =>
            {
                Directory.Move(path, target);
                throw new IOException("timed out");
            }
        );
        Assert.True(store.TryAppend("trials/a", 1, "mine", []));
        Assert.Equal("mine", store.Entry("trials/a", 1));
    }

    [Fact]
    public void EntryOfAnother_IsTaken()
    {
        var store = new FolderStore(_folder["ledger"]);
        using var disk = new Disk(
            (path, target) =>
            {
                Directory.CreateDirectory(target);
                File.WriteAllText(Path.Combine(target, "entry.json"), "theirs");
                throw new IOException("is there");
            }
        );
        Assert.False(store.TryAppend("trials/a", 1, "mine", []));
        Assert.Equal("theirs", store.Entry("trials/a", 1));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["ledger/tmp"]));
    }

    [Fact]
    public void NameOfAnEntry_IsBroughtToTheDisk()
    {
        var store = new FolderStore(_folder["ledger"]);
        using var disk = new Disk(Directory.Move);
        store.TryAppend("trials/a", 1, "mine", []);
        Assert.Equal(Path.Combine(_folder.Root, "ledger", "trials", "a"), Path.GetFullPath(disk.Flushed[^1]));
    }

    [Fact]
    public void RenameThatFails_IsReported()
    {
        var store = new FolderStore(_folder["ledger"]);
        using var disk = new Disk((_, _) => throw new IOException("no server"));
        Assert.Contains(
            "no server",
            Assert.Throws<IOException>(() => store.TryAppend("trials/a", 1, "mine", [])).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(0, store.Length("trials/a"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["ledger/tmp"]));
    }

    [Fact]
    public void WhatAKilledProcessLeft_GoesAfterADay()
    {
        foreach (var (name, hours) in new[] { ("young", 23), ("old", 25) })
        {
            Directory.CreateDirectory(_folder[$"ledger/tmp/{name}"]);
            File.WriteAllText(_folder[$"ledger/tmp/{name}/entry.json"], "{");
            Directory.SetLastWriteTimeUtc(_folder[$"ledger/tmp/{name}"], DateTime.UtcNow.AddHours(-hours));
        }

        _ = new FolderStore(_folder["ledger"]);
        Assert.Equal(["young"], Directory.EnumerateFileSystemEntries(_folder["ledger/tmp"]).Select(Path.GetFileName));
    }

    /// <summary>Another process removes it just then.</summary>
    [Fact]
    public void LeftoverThatVanishes_IsNoFault()
    {
        Directory.CreateDirectory(_folder["ledger/tmp/old"]);
        Directory.SetLastWriteTimeUtc(_folder["ledger/tmp/old"], DateTime.UtcNow.AddDays(-2));
        using var disk = new Disk((_, _) => throw new DirectoryNotFoundException());
        _ = new FolderStore(_folder["ledger"]);
    }

    [Fact]
    public void FolderLedger_KeepsAStudy()
    {
        var ledger = new FolderLedger(_folder["ledger"]);
        Assert.Throws<ArgumentException>(() => new FolderLedger(" "));
        Assert.Throws<ArgumentException>(() => ledger.TryWriteRecord(" ", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ledger.TryWriteRecord("{}", -1));
        Assert.True(ledger.TryWriteRecord("{}", 0));
        Assert.Equal(new LedgerRecord(1, "{}"), ledger.ReadRecord());
        var request = new ClaimRequest
        {
            Worker = "w",
            Lease = TimeSpan.FromMinutes(1),
            Machine = MadeUpMachine.Any,
        };
        var claim = ledger.Claim(["001_a"], request)!;
        ledger.Renew(claim, new TrialPosition { Step = 3 });
        Assert.Equal(3, Assert.Single(ledger.Trials()).Position!.Step);
        File.WriteAllText(_folder["state"], "content");
        var snapshot = new TrialSnapshot
        {
            Position = new TrialPosition { Step = 4 },
            Epochs = [],
            Files = [new TrialFile("state", _folder["state"])],
        };
        ledger.Publish(claim, snapshot);
        Assert.Equal("content"u8.ToArray(), ledger.Read("001_a", "state"));
        Assert.True(ledger.Fetch("001_a", _folder["got"]));
        Assert.Equal("content", File.ReadAllText(_folder["got/state"]));
        ledger.Release(claim, "why", null);
        Assert.Equal((LedgerTrialStatus.Released, "why"), (ledger.Trials()[0].Status, ledger.Trials()[0].Reason));
        ledger.Complete(ledger.Claim(["001_a"], request)!, snapshot);
        ledger.Fail(ledger.Claim(["002_b"], request)!, "broken", null);
        Assert.Equal(
            [LedgerTrialStatus.Completed, LedgerTrialStatus.Failed],
            ledger.Trials().OrderBy(trial => trial.Trial, StringComparer.Ordinal).Select(trial => trial.Status)
        );
        Assert.Null(((IStudyLedger)ledger).LimitWaits(CancellationToken.None));
    }

    private sealed class Disk : FileSystem, IDisposable
    {
        private readonly Action<string, string> _rename;

        public Disk(Action<string, string> rename)
        {
            _rename = rename;
            Instead.Value = this;
        }

        public List<string> Flushed { get; } = [];

        public override bool FlushFolder(string path)
        {
            Flushed.Add(path);
            return base.FlushFolder(path);
        }

        public override void RenameFolder(string path, string target) => _rename(path, target);

        public void Dispose() => Instead.Value = null;
    }
}

using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

public sealed class FolderLedgerTests : LedgerContractTests
{
    protected override IStudyLedger Open() => new FolderLedger(Files["ledger"]);

    private protected override void EndLease(StudyClaim claim)
    {
        string log = Files[$"ledger/trials/{claim.Trial}"];
        foreach (string path in Directory.EnumerateFiles(log, "*.json", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path) - TimeSpan.FromMinutes(2));
        }
    }

    [Fact]
    public void FolderThatCannotBeWrittenTo_IsRefused()
    {
        File.WriteAllText(Files["file"], "");
        var error = Assert.Throws<IOException>(() => new FolderLedger(Files["file"]));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DiskThatIsFull_LeavesTheEntryOut_AndTheClaimOpen()
    {
        var ledger = Open();
        var claim = ledger.Claim(["001_x"], Request("a"))!;
        var snapshot = Snapshot(1, "state");
        using (new FullDisk())
        {
            Assert.Contains(
                FullDisk.Reason,
                Assert.Throws<IOException>(() => ledger.Publish(claim, snapshot)).Message,
                StringComparison.Ordinal
            );
        }

        Assert.Null(ledger.Read("001_x", "state.txt"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Files["ledger/tmp"]));
        ledger.Complete(claim, snapshot);
        Assert.Equal(LedgerTrialStatus.Completed, Assert.Single(ledger.Trials()).Status);
    }

    /// <summary>What a process leaves that is killed while it makes an entry.</summary>
    [Fact]
    public void EntryThatWasNotFinished_CountsForNothing_AndGoesAfterADay()
    {
        var ledger = Open();
        string young = Files["ledger/tmp/young"],
            old = Files["ledger/tmp/old"];
        Array.ForEach([young, old], path => Directory.CreateDirectory(path));
        File.WriteAllText(Path.Combine(old, "entry.json"), "{");
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        Assert.NotNull(ledger.Claim(["001_x"], Request("a")));
        Open();
        Assert.True(Directory.Exists(young));
        Assert.False(Directory.Exists(old));
    }

    [Theory]
    [InlineData("{")]
    [InlineData(
        """{"format": 2, "kind": "claimed", "token": 1, "worker": "a", "nonce": "", "written": "2026-01-01T00:00:00Z"}"""
    )]
    public void EntryThatCannotBeRead_IsNamed(string text)
    {
        string entry = Files["ledger/trials/001_x/000001"];
        var ledger = Open();
        Directory.CreateDirectory(entry);
        File.WriteAllText(Path.Combine(entry, "entry.json"), text);
        var error = Assert.Throws<InvalidDataException>(() => ledger.Trials());
        Assert.Contains("The log of the trial '001_x'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Somebody's hands in the folder.</summary>
    [Fact]
    public void LogThatBreaksTheRules_IsNamed()
    {
        var ledger = Open();
        ledger.Release(ledger.Claim(["001_x"], Request("a"))!, null, null);
        string log = Files["ledger/trials/001_x"];
        Directory.CreateDirectory(Path.Combine(log, "000003"));
        File.Copy(Path.Combine(log, "000002", "entry.json"), Path.Combine(log, "000003", "entry.json"));
        var error = Assert.Throws<InvalidDataException>(() => Open().Trials());
        Assert.Contains("cannot follow the ones before it", error.Message, StringComparison.Ordinal);
    }
}

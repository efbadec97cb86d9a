using System.Text;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The stores behind ledgers, and the files of a trial.</summary>
public sealed class LedgerStoresTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Memory_GivesEachNumberOnce()
    {
        var before = DateTimeOffset.UtcNow;
        var store = new MemoryStore();
        AssertNumbers(store);
        Assert.False(store.TryAppend("trials/a", 4, "too soon", []));
        Assert.Equal("this process", store.Name);
        Assert.InRange(store.TimeOf("trials/a", 2), before, DateTimeOffset.UtcNow);
        Assert.Null(store.LastBeat("trials/none", 1));
        Assert.Equal(TimeSpan.Zero, store.Silence("trials/none", 1, 1));
        Assert.Equal("", store.LastBeat("trials/a", 1)); // an entry is a sign of life too
        store.Beat("trials/a", 1, "here");
        Assert.Equal("here", store.LastBeat("trials/a", 1));
        Assert.InRange(store.Silence("trials/a", 1, 2), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Null(store.Read("trials/a", 1, "x"));
        store.Fetch("trials/a", 1, _folder["none"]);
        store.Forget("trials/a", 1);
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public void Memory_SaysHowLongNothingWasHeard()
    {
        var store = new MemoryStore();
        store.TryAppend("trials/a", 1, "one", []);
        Thread.Sleep(1);
        Assert.True(store.Silence("trials/a", 1, 1) > TimeSpan.Zero);
    }

    [Fact]
    public void Folder_GivesEachNumberOnce()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-5);
        var store = new FolderStore(_folder["ledger"]);
        AssertNumbers(store);
        Assert.Equal($"the folder '{Path.GetFullPath(_folder["ledger"])}'", store.Name);
        Assert.InRange(store.TimeOf("trials/a", 2), before, before.AddMinutes(10));
        Assert.Equal(["trials/a", "trials/b"], store.Logs("trials/").Order(StringComparer.Ordinal));
        Assert.True(File.Exists(_folder["ledger/trials/a/000002/entry.json"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["ledger/tmp"]));
    }

    [Fact]
    public void SignOfLife_IsTheNewerOne_OfBeatAndEntry()
    {
        var store = new FolderStore(_folder["ledger"]);
        store.TryAppend("trials/a", 1, "one", []);
        Assert.Null(store.LastBeat("trials/a", 1));
        SetAge("trials/a/000001/entry.json", 100);
        Assert.InRange(store.Silence("trials/a", 1, 1).TotalSeconds, 95, 130);
        store.Beat("trials/a", 1, "a longer text");
        store.Beat("trials/a", 1, "short");
        Assert.Equal("short", store.LastBeat("trials/a", 1));
        Assert.InRange(store.Silence("trials/a", 1, 1).TotalSeconds, -5, 30);
        SetAge("trials/a/lease-000001.json", 500);
        Assert.InRange(store.Silence("trials/a", 1, 1).TotalSeconds, 95, 130);
        Assert.True(store.Silence("trials/none", 1, 1) < TimeSpan.Zero); // what is not there is not over
    }

    [Fact]
    public void Files_AreOfTheirEntry_UntilItIsForgotten()
    {
        var store = new FolderStore(_folder["ledger"]);
        string run = Write("from/run.json", "{}"),
            state = Write("from/checkpoints/last.bin", "state");
        Assert.True(
            store.TryAppend("trials/a", 1, "one", [new TrialFile("run.json", run), new TrialFile("checkpoints/last.bin", state)])
        );
        Assert.Equal("state", Encoding.UTF8.GetString(store.Read("trials/a", 1, "checkpoints/last.bin")!));
        Assert.Null(store.Read("trials/a", 1, "other"));
        Assert.Null(store.Read("trials/a", 2, "run.json"));
        store.Fetch("trials/a", 1, _folder["to"]);
        Assert.Equal(
            ("{}", "state"),
            (File.ReadAllText(_folder["to/run.json"]), File.ReadAllText(_folder["to/checkpoints/last.bin"]))
        );
        Assert.False(store.TryAppend("trials/a", 1, "again", [new TrialFile("run.json", state)]));
        store.Forget("trials/a", 1);
        Assert.Null(store.Read("trials/a", 1, "run.json"));
        Assert.Equal("one", store.Entry("trials/a", 1));
        store.Forget("trials/a", 1);
    }

    [Fact]
    public void OtherFoldersInALog_AreNoEntries()
    {
        var store = new FolderStore(_folder["ledger"]);
        Assert.Equal(0, store.Length("trials/a"));
        Directory.CreateDirectory(_folder["ledger/trials/a/notes"]);
        Assert.Equal(0, store.Length("trials/a"));
        store.TryAppend("trials/a", 1, "one", []);
        Directory.CreateDirectory(_folder["ledger/trials/a/-000009"]);
        Assert.Equal(1, store.Length("trials/a"));
    }

    [Fact]
    public void RunFolder_HasAllItsFiles_ButTheLockAndHalfWrittenOnes()
    {
        foreach (string name in new[] { "run.json", "b/state.bin", "b/.lock", "a.tmp", "b/x.tmp", "B", ".hidden" })
        {
            Write($"trial/{name}", name);
        }

        var files = TrialFiles.Of(_folder["trial"]);
        Assert.Equal([".hidden", "B", "b/state.bin", "run.json"], files.Select(file => file.Name));
        Assert.All(files, file => Assert.Equal(file.Name, File.ReadAllText(file.Path)));
        Assert.Empty(TrialFiles.Of(_folder["none"]));
    }

    [Fact]
    public void File_IsWrittenWithItsFolders_AndReplaced()
    {
        TrialFile.Write(_folder["trial"], "a/b/c.txt", stream => stream.Write("one"u8));
        TrialFile.Write(_folder["trial"], "a/b/c.txt", stream => stream.Write("2"u8));
        Assert.Equal("2", File.ReadAllText(_folder["trial/a/b/c.txt"]));
        Assert.Throws<ArgumentException>(() => TrialFile.Write(" ", "a", _ => { }));
        Assert.Throws<ArgumentNullException>(() => TrialFile.Write("x", null!, _ => { }));
        Assert.Throws<ArgumentNullException>(() => TrialFile.Write("x", "a", null!));
        Assert.Equal(
            "The ledger has a file named '../x', which is no name within a run folder.",
            Assert.Throws<InvalidDataException>(() => TrialFile.Write(_folder["trial"], "../x", _ => { })).Message
        );
    }

    private static void AssertNumbers(ILedgerStore store)
    {
        Assert.Equal(0, store.Length("trials/a"));
        Assert.True(store.TryAppend("trials/b", 1, "other", []));
        Assert.True(store.TryAppend("trials/a", 1, "one", []));
        Assert.False(store.TryAppend("trials/a", 1, "late", []));
        Assert.True(store.TryAppend("trials/a", 2, "two", []));
        Assert.False(store.TryAppend("trials/a", 2, "late", []));
        Assert.Equal((2, "two"), (store.Length("trials/a"), store.Entry("trials/a", 2)));
        Assert.Equal(["trials/a", "trials/b"], store.Logs("trials/").Order(StringComparer.Ordinal));
    }

    private void SetAge(string file, int seconds) =>
        File.SetLastWriteTimeUtc(_folder[$"ledger/{file}"], DateTime.UtcNow.AddSeconds(-seconds));

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }
}

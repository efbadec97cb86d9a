using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Training;

/// <summary>Names of new run folders, and who may write into one.</summary>
public sealed class RunLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        FileSystem.Instead.Value = null;
        _folder.Dispose();
    }

    [Fact]
    public void RunsOfTheSameSecond_AreCounted_InAnyCase()
    {
        var clock = new Clock();
        string parent = _folder["runs"];
        string first = RunDirectory.New(parent, "Net", clock);
        Assert.Equal(Path.Combine(parent, "Net_Oct24_19-52-12"), first);
        Assert.False(Directory.Exists(parent));
        Directory.CreateDirectory(first);
        Assert.Equal(first + "_2", RunDirectory.New(parent, "Net", clock));
        Directory.CreateDirectory(Path.Combine(parent, "NET_Oct24_19-52-12_2"));
        Assert.Equal(first + "_3", RunDirectory.New(parent, "Net", clock));
        File.WriteAllText(first + "_3", ""); // a file has the name as well
        Assert.Equal(first + "_4", RunDirectory.New(parent, "Net", clock));
    }

    [Fact]
    public void AFolderThatIsInUse_IsToldFromOneThatCannotBeWritten()
    {
        using (RunDirectory.Lock(_folder["run"]))
        {
            Assert.Contains(
                "is in use by another run. Wait for its end, or give another folder.",
                Fault(_folder["run"]),
                StringComparison.Ordinal
            );
        }

        RunDirectory.Lock(_folder["run"]).Dispose();
        File.WriteAllText(_folder["file"], "");
        string message = Fault(Path.Combine(_folder["file"], "run"));
        Assert.StartsWith(
            $"The run folder '{Path.Combine(_folder["file"], "run")}' cannot be written to: ",
            message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(" Give another folder.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhereTheFolderCannotBeCleaned_TheLockGoes(bool isDenied)
    {
        FileSystem.Instead.Value = new Unlisted(
            isDenied ? new UnauthorizedAccessException("denied.") : new IOException("denied.")
        );
        Assert.Equal(
            $"The run folder '{_folder["run"]}' cannot be written to: denied. Give another folder.",
            Fault(_folder["run"])
        );
        FileSystem.Instead.Value = null;
        RunDirectory.Lock(_folder["run"]).Dispose();
    }

    private static string Fault(string path) => Assert.Throws<IOException>(() => RunDirectory.Lock(path)).Message;

    private sealed class Clock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 10, 24, 19, 52, 12, TimeSpan.Zero);
    }

    /// <summary>A disk that lists no files.</summary>
    private sealed class Unlisted(Exception fault) : FileSystem
    {
        public override IReadOnlyList<string> Files(
            string folder,
            string pattern = "*",
            SearchOption depth = SearchOption.TopDirectoryOnly
        ) => throw fault;
    }
}

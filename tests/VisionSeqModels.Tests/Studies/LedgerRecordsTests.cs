using System.Text;
using System.Text.Json;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a worker's folder and its ledger say of trials.</summary>
public sealed class LedgerRecordsTests : IDisposable
{
    private static readonly StudyFile.Entry Trial = new("a", Factors(), 1, "001_a");
    private readonly TempFolder _folder = new();
    private readonly FakeLedger _ledger = new();
    private readonly LedgerRecords _records;

    public LedgerRecordsTests() => _records = new LedgerRecords(_ledger, _folder.Root);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TrialOfTheFolder_IsReadThere_WhereTheLedgerHasNoFiles()
    {
        Assert.Equal((null, null), _records.Read(Trial));
        Assert.False(_records.HasState(Trial));
        Assert.Null(_records.Setup(Trial, null));
        Assert.Empty(_records.Trials);
        _ledger.Put("001_a", 0);
        _records.Refresh();
        Assert.Equal("w", _records.Find(Trial)?.Worker);
        Directory.CreateDirectory(_folder["001_a"]);
        File.WriteAllText(_folder["001_a/run.json"], Run(3));
        File.WriteAllText(_folder["001_a/trial.json"], """{ "own": 1 }""");
        Assert.Equal(3, _records.Read(Trial).Record!.Seed);
        Assert.Equal(1, (int?)_records.Setup(Trial, null)!["own"]);
        Assert.False(_records.HasState(Trial));
        File.WriteAllText(_folder["001_a/run.json"], "{");
        Assert.Contains("is no record of a run", _records.Read(Trial).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TrialOfTheLedger_IsReadOnce_UntilItHasOtherFiles()
    {
        _ledger.Put("001_a", 2, ("run.json", Run(5)), ("trial.json", """{ "own": 2 }"""));
        Assert.Null(_records.Find(Trial)); // not asked for yet
        _records.Refresh();
        Assert.Equal(5, _records.Read(Trial).Record!.Seed);
        Assert.Equal(5, _records.Read(Trial).Record!.Seed);
        Assert.Equal(1, _ledger.Reads);
        Assert.Equal(2, (int?)_records.Setup(Trial, null)!["own"]);
        Assert.True(_records.HasState(Trial));
        _ledger.Put("001_a", 3, ("run.json", "{"));
        _records.Refresh();
        Assert.Null(_records.Read(Trial).Record);
        Assert.StartsWith(
            "'001_a/run.json in fake' is no record of a run: ",
            _records.Read(Trial).Problem,
            StringComparison.Ordinal
        );
        Assert.False(_records.HasState(Trial));
        Assert.Null(_records.Setup(Trial, null));
        Assert.Null(_records.Read(_ledger.Trials()[0]));
        _ledger.Put("001_a", 4);
        _records.Refresh();
        Assert.Equal((null, null), _records.Read(Trial));
    }

    [Fact]
    public void DamagedSetup_IsAFault()
    {
        _ledger.Put("001_a", 1, ("trial.json", "{"));
        _records.Refresh();
        Assert.ThrowsAny<JsonException>(() => _records.Setup(Trial, null));
    }

    [Fact]
    public void StudysRecord_IsTheLedgers_ElseTheFolders()
    {
        var store = new LedgerRecordStore(_ledger, _folder.Root);
        Assert.Null(store.Find());
        var own = TheStudy with { Question = "Own?", Trials = [Trial] };
        own.Write(_folder.Root);
        Assert.Equal("Own?", store.Find()!.Question);
        _ledger.Record = new LedgerRecord(4, (own with { Question = "Theirs?" }).Text());
        Assert.Equal("Theirs?", store.Find()!.Question);
        _ledger.Record = new LedgerRecord(5, "{");
        Assert.StartsWith(
            "'The record in fake' is no record of a study: ",
            Assert.Throws<InvalidDataException>(store.Find).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FirstRecord_HasNoFailuresAndNoClaims_ButTheFoldersHas()
    {
        var store = new LedgerRecordStore(_ledger, _folder.Root);
        store.Find();
        var file = TheStudy with
        {
            Command = "mine",
            ParallelTrials = 2,
            Trials = [Trial with { Failure = "broken", CanTryAgain = true, Claims = [] }],
        };
        Assert.True(store.TryWrite(file));
        var written = StudyFile.Parse(_ledger.Record!.Json, "ledger");
        Assert.Equal((1, "mine", 2), (_ledger.Record.Version, written.Command, written.ParallelTrials));
        Assert.Equal((null, false, null), (written.Trials[0].Failure, written.Trials[0].CanTryAgain, written.Trials[0].Claims));
        Assert.Equal("broken", StudyFile.Read(_folder.Root).Trials[0].Failure);
        Assert.True(store.TryWrite(file)); // nothing new: no version more
        Assert.Equal(1, _ledger.Record.Version);
        Assert.True(store.TryWrite(file with { Trials = [Trial, Trial with { Setting = "b", Folder = "002_b" }] }));
        Assert.Equal(2, _ledger.Record.Version);
        Assert.True(store.TryWrite(file));
        Assert.Equal(3, _ledger.Record.Version);
    }

    [Fact]
    public void WhatTheFirstWorkerWrote_Stays()
    {
        var first = TheStudy with { Question = "First?", Command = null, ParallelTrials = 3, Trials = [Trial] };
        _ledger.Record = new LedgerRecord(7, first.Text());
        var store = new LedgerRecordStore(_ledger, _folder.Root);
        store.Find();
        var more = first with
        {
            Question = "Second?",
            Command = "mine",
            ParallelTrials = 9,
            Trials = [Trial, Trial with { Setting = "b", Folder = "002_b" }],
        };
        Assert.True(store.TryWrite(more));
        var written = StudyFile.Parse(_ledger.Record.Json, "ledger");
        Assert.Equal((8, "First?", null, 3), (_ledger.Record.Version, written.Question, written.Command, written.ParallelTrials));
        Assert.Equal(2, written.Trials.Count);
        Assert.Equal("Second?", StudyFile.Read(_folder.Root).Question);
        _ledger.Record = _ledger.Record with { Version = 20 }; // somebody else has written
        Assert.False(store.TryWrite(more with { Trials = [Trial] }));
        Assert.Equal(20, _ledger.Record.Version);
    }

    [Fact]
    public void Folder_GetsTheTrialsThatAreOver()
    {
        _ledger.Put("001_a", 2, ("run.json", Run(5)));
        _ledger.Put("002_b", 2, ("run.json", Run(6)));
        _ledger.Put("003_c", 2, ("run.json", Run(7)));
        _ledger.Set("001_a", LedgerTrialStatus.Completed, null);
        _ledger.Set("002_b", LedgerTrialStatus.Failed, "broken");
        Directory.CreateDirectory(_folder["work/001_a.000001"]);
        Directory.CreateDirectory(_folder["002_b"]);
        File.WriteAllText(_folder["002_b/run.json"], Run(6)); // has not changed
        var file = TheStudy with
        {
            Trials = [Trial, Trial with { Setting = "b", Folder = "002_b" }, Trial with { Setting = "c", Folder = "003_c" }],
        };
        var now = LedgerMirror.Update(_ledger, _folder.Root, file, _records);
        Assert.Equal(["001_a"], _ledger.Fetched);
        Assert.Equal(Run(5), File.ReadAllText(_folder["001_a/run.json"]));
        Assert.Equal([null, "broken", null], now.Trials.Select(trial => trial.Failure));
        Assert.Equal(now.Text(), File.ReadAllText(_folder["study.json"]));
        Assert.False(Directory.Exists(_folder["work"])); // what a claim left, and then the folder itself
        _ledger.Put("002_b", 3, ("run.json", Run(8)));
        _ledger.Set("002_b", LedgerTrialStatus.Failed, "broken");
        LedgerMirror.Update(_ledger, _folder.Root, file, _records);
        Assert.Equal(["001_a", "002_b"], _ledger.Fetched);
    }

    private string Run(long seed)
    {
        (RunOf() with { Seed = seed }).Write(_folder["made.json"]);
        return File.ReadAllText(_folder["made.json"]);
    }

    /// <summary>A ledger whose trials a test sets; what is not asked of it here it does not do.</summary>
    private sealed class FakeLedger : IStudyLedger
    {
        private readonly SortedDictionary<string, LedgerTrial> _trials = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (string Name, string Text)[]> _files = new(StringComparer.Ordinal);

        public LedgerRecord? Record { get; set; }

        public int Reads { get; private set; }

        public List<string> Fetched { get; } = [];

        public string Name => "fake";

        public void Put(string trial, long version, params (string Name, string Text)[] files)
        {
            _trials[trial] = new LedgerTrial
            {
                Trial = trial,
                Status = LedgerTrialStatus.Claimed,
                Token = 1,
                Worker = "w",
                Version = version,
                FilesVersion = version,
            };
            _files[trial] = files;
        }

        public void Set(string trial, LedgerTrialStatus status, string? reason) =>
            _trials[trial] = _trials[trial] with { Status = status, Reason = reason };

        public LedgerRecord? ReadRecord() => Record;

        public bool TryWriteRecord(string json, long version)
        {
            bool isNext = version == (Record?.Version ?? 0);
            Record = isNext ? new LedgerRecord(version + 1, json) : Record;
            return isNext;
        }

        public IReadOnlyList<LedgerTrial> Trials() => [.. _trials.Values];

        public byte[]? Read(string trial, string name)
        {
            Reads++;
            return _files[trial]
                .Where(file => file.Name == name)
                .Select(file => Encoding.UTF8.GetBytes(file.Text))
                .FirstOrDefault();
        }

        public bool Fetch(string trial, string folder)
        {
            Fetched.Add(trial);
            Array.ForEach(
                _files[trial],
                file => TrialFile.Write(folder, file.Name, stream => stream.Write(Encoding.UTF8.GetBytes(file.Text)))
            );
            return true;
        }

        public StudyClaim? Claim(IReadOnlyList<string> trials, ClaimRequest request) => throw new NotSupportedException();

        public void Renew(StudyClaim claim, TrialPosition position) => throw new NotSupportedException();

        public void Publish(StudyClaim claim, TrialSnapshot snapshot) => throw new NotSupportedException();

        public void Complete(StudyClaim claim, TrialSnapshot snapshot) => throw new NotSupportedException();

        public void Fail(StudyClaim claim, string reason, TrialSnapshot? snapshot) => throw new NotSupportedException();

        public void Release(StudyClaim claim, string? reason, TrialSnapshot? snapshot) => throw new NotSupportedException();
    }
}

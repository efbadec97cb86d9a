namespace VisionSeqModels.Studies;

/// <summary>A study's record in a ledger, with a copy as study.json in the folder. One thread at a time uses it.</summary>
internal sealed class LedgerRecordStore(IStudyLedger ledger, string folder) : IRecordStore
{
    private readonly Lock _own = new();
    private LedgerRecord? _last;

    /// <summary>The ledger's, else the one in the folder: several processes may resume a study that one has begun.</summary>
    public StudyFile? Find()
    {
        var last = ledger.ReadRecord();
        lock (_own)
        {
            _last = last;
        }

        return last is null ? StudyFile.Find(folder) : StudyFile.Parse(last.Json, $"The record in {ledger.Name}");
    }

    /// <summary>The ledger's record has no failures and no claims: those are in the trials' own logs. What a worker may do
    /// otherwise than another stays as the first has written it.</summary>
    public bool TryWrite(StudyFile file)
    {
        lock (_own)
        {
            var before = _last is null ? null : StudyFile.Parse(_last.Json, ledger.Name);
            string json = (
                file with
                {
                    Command = before is null ? file.Command : before.Command,
                    ParallelTrials = before is null ? file.ParallelTrials : before.ParallelTrials,
                    Question = before?.Question ?? file.Question,
                    Trials = [.. file.Trials.Select(trial => trial with { Failure = null, CanTryAgain = false, Claims = null })],
                }
            ).Text();
            if (json != _last?.Json)
            {
                long version = _last?.Version ?? 0;
                if (!ledger.TryWriteRecord(json, version))
                {
                    return false;
                }

                _last = new LedgerRecord(version + 1, json);
            }
        }

        file.Write(folder);
        return true;
    }
}

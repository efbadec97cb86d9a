using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>Brings a study's folder to what a ledger has: study.json, and the run folders of the trials that are over. Workers
/// that have one folder in common may do so at the same time: they write the same files.</summary>
internal static class LedgerMirror
{
    /// <summary>Does it, and gives the study's record as it is now.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="folder">The study's folder.</param>
    /// <param name="file">The study's record.</param>
    /// <param name="records">What trials have come to; they are asked for again.</param>
    /// <exception cref="IOException">The ledger cannot be reached, or the folder cannot be written to.</exception>
    public static StudyFile Update(IStudyLedger ledger, string folder, StudyFile file, LedgerRecords records)
    {
        records.Refresh();
        foreach (var trial in records.Trials)
        {
            if (trial.Status is LedgerTrialStatus.Completed or LedgerTrialStatus.Failed)
            {
                Fetch(ledger, folder, trial.Trial);
            }
        }

        var now = file.With(records.Trials);
        now.Write(folder);
        return now;
    }

    private static void Fetch(IStudyLedger ledger, string folder, string trial)
    {
        string own = Path.Combine(folder, trial),
            record = Path.Combine(own, RunRecord.FileName);
        byte[]? newest = ledger.Read(trial, RunRecord.FileName);
        if (newest is null || !File.Exists(record) || !newest.AsSpan().SequenceEqual(FileSystem.Current.ReadAllBytes(record)))
        {
            ledger.Fetch(trial, own);
        }

        SharedSession.RemoveWork(folder, trial);
    }
}

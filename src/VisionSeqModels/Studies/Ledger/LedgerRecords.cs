using System.Text;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>Trials as a ledger has them, and those that it has nothing of as they are in the study's folder. Several threads may
/// use it.</summary>
internal sealed class LedgerRecords(IStudyLedger ledger, string study) : ITrialRecords
{
    private readonly Lock _own = new();
    private readonly FolderRecords _folder = new(study);
    private readonly Dictionary<string, (long Version, RunRecord? Record, string? Problem)> _read = new(StringComparer.Ordinal);
    private Dictionary<string, LedgerTrial> _trials = new(StringComparer.Ordinal);

    /// <summary>The trials that were ever claimed, as they were when they were last asked for.</summary>
    public IReadOnlyCollection<LedgerTrial> Trials
    {
        get
        {
            lock (_own)
            {
                return _trials.Values;
            }
        }
    }

    /// <summary>Asks the ledger for the trials.</summary>
    public void Refresh()
    {
        var trials = ledger.Trials().ToDictionary(trial => trial.Trial, StringComparer.Ordinal);
        lock (_own)
        {
            _trials = trials;
        }
    }

    /// <summary>The trial, or null where it was never claimed.</summary>
    public LedgerTrial? Find(StudyFile.Entry trial)
    {
        lock (_own)
        {
            return _trials.GetValueOrDefault(trial.Folder);
        }
    }

    public (RunRecord? Record, string? Problem) Read(StudyFile.Entry trial)
    {
        if (Find(trial) is not { FilesVersion: > 0 } now)
        {
            return _folder.Read(trial);
        }

        lock (_own)
        {
            if (_read.TryGetValue(trial.Folder, out var known) && known.Version == now.FilesVersion)
            {
                return (known.Record, known.Problem);
            }
        }

        var (record, problem) = Parse(trial.Folder);
        lock (_own)
        {
            _read[trial.Folder] = (now.FilesVersion, record, problem);
        }

        return (record, problem);
    }

    /// <summary>The record of a trial as the ledger has it now; null where there is none that can be read.</summary>
    public RunRecord? Read(LedgerTrial trial) => Parse(trial.Trial).Record;

    public bool HasState(StudyFile.Entry trial) =>
        Find(trial) is { FilesVersion: > 0 } ? Read(trial).Record is not null : _folder.HasState(trial);

    public JsonObject? Setup(StudyFile.Entry trial, RunRecord? record) =>
        Find(trial) is not { FilesVersion: > 0 } ? _folder.Setup(trial, record)
        : ledger.Read(trial.Folder, TrialSetup.FileName) is byte[] text ? JsonFormat.Parse(Encoding.UTF8.GetString(text))
        : null;

    private (RunRecord? Record, string? Problem) Parse(string trial)
    {
        if (ledger.Read(trial, RunRecord.FileName) is not byte[] text)
        {
            return (null, null);
        }

        try
        {
            return (RunRecord.Parse(Encoding.UTF8.GetString(text), $"{trial}/{RunRecord.FileName} in {ledger.Name}"), null);
        }
        catch (InvalidDataException e)
        {
            return (null, e.Message);
        }
    }
}

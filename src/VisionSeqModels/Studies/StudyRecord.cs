using System.Globalization;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>A study's record while it runs. Several threads may use it.</summary>
internal sealed class StudyRecord
{
    private readonly Lock _own = new();
    private readonly string _folder;
    private readonly IRecordStore _store;
    private readonly ITrialRecords _trials;
    private StudyFile _file;
    private Exception? _failure;

    private StudyRecord(string folder, StudyFile file, IRecordStore store, ITrialRecords trials) =>
        (_folder, _file, _store, _trials) = (folder, file, store, trials);

    public StudyFile File
    {
        get
        {
            lock (_own)
            {
                return _file;
            }
        }
    }

    /// <summary>A new record, or the one that is there with what is new; not written yet.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="study">What is to be run.</param>
    /// <param name="before">The record that is there, or null.</param>
    /// <param name="store">Where records are kept.</param>
    /// <param name="trials">What trials have come to.</param>
    /// <exception cref="InvalidOperationException">The folder holds a study that asks something else.</exception>
    public static StudyRecord Begin(string folder, StudyFile study, StudyFile? before, IRecordStore store, ITrialRecords trials)
    {
        if (before is not null)
        {
            CheckQuestion(folder, before, study);
        }

        var file = study with { Trials = With(folder, before?.Trials ?? [], study.Trials) };
        return new StudyRecord(folder, file, store, trials);
    }

    /// <summary>Takes in trials that become known while the study runs. Where it cannot be written, the study continues;
    /// <see cref="Close"/> tries once more.</summary>
    /// <returns>False where another process has changed the record meanwhile, and nothing was taken in.</returns>
    public bool Add(IEnumerable<StudyFile.Entry> trials)
    {
        lock (_own)
        {
            var before = _file;
            _file = _file with { Trials = With(_folder, _file.Trials, trials) };
            if (!Write())
            {
                _file = before;
                return false;
            }

            return true;
        }
    }

    /// <summary>Writes it for the first time.</summary>
    /// <returns>False where another process has changed the record since it was read.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public bool Save() => _store.TryWrite(File);

    /// <summary>Takes in what other processes have added.</summary>
    public void Reload()
    {
        if (_store.Find() is StudyFile now)
        {
            lock (_own)
            {
                _file = _file with { Trials = now.Trials };
            }
        }
    }

    /// <summary>Takes in why trials failed, as a ledger has it.</summary>
    public void Note(IReadOnlyCollection<LedgerTrial> trials)
    {
        lock (_own)
        {
            _file = _file.With(trials);
        }
    }

    /// <summary>The trial's entry as it is now.</summary>
    public StudyFile.Entry Of(TrialKey key) => File.Trials.Single(trial => trial.Key == key);

    /// <summary>Notes which options of trials were others than those that are built now.</summary>
    public void Mark(IReadOnlyDictionary<TrialKey, IReadOnlyList<string>?> changes)
    {
        lock (_own)
        {
            _file = _file with
            {
                Trials =
                [
                    .. _file.Trials.Select(trial =>
                        changes.TryGetValue(trial.Key, out var texts) ? trial with { Changes = texts } : trial
                    ),
                ],
            };
        }
    }

    /// <summary>The history of a trial so far, or null where there is none.</summary>
    public TrainingHistory? HistoryOf(StudyFile.Entry trial) =>
        _trials.Read(trial) is (RunRecord record, _) ? TrainingHistory.Of(record, Path.Combine(_folder, trial.Folder)) : null;

    /// <summary>What a trial that is over came to, more being better; null where that is undefined.</summary>
    public double? ScoreOf(StudyFile.Entry trial)
    {
        var history = HistoryOf(trial);
        var file = File;
        bool isSound = history is { StopReason: StopReason.Completed or StopReason.StoppedEarly };
        double? value = isSound
            ? history!.Epochs.LastOrDefault(epoch => epoch is { IsPartial: false, IsFinite: true })?[file.Monitor]
            : null;
        return value is not double score || !double.IsFinite(score) ? null
            : file.HigherIsBetter ? score
            : -score;
    }

    /// <summary>Notes why a trial failed, or that it did not. Where it cannot be written, the other trials continue;
    /// <see cref="Close"/> tries once more.</summary>
    /// <param name="trial">Which.</param>
    /// <param name="failure">Why, or null.</param>
    /// <param name="canTryAgain">Whether it is tried again the next time, whatever the failure.</param>
    public void Ended(StudyFile.Entry trial, Exception? failure, bool canTryAgain = false)
    {
        lock (_own)
        {
            var now = trial with { Failure = failure?.Message, CanTryAgain = canTryAgain || IsOfTheDisk(failure) };
            if (now == Of(trial.Key))
            {
                return;
            }

            _file = _file with { Trials = [.. _file.Trials.Select(entry => entry.Key == trial.Key ? now : entry)] };
            Write();
        }
    }

    /// <exception cref="IOException">What was noted could not be written.</exception>
    public void Close()
    {
        lock (_own)
        {
            if (_failure is null)
            {
                return;
            }

            Write();
            if (_failure is not null)
            {
                throw new IOException(
                    $"All trials were tried, but {StudyFile.Name} in '{Path.GetFullPath(_folder)}' could not be "
                        + $"written: {_failure.Message} The trials' own folders hold what they did; make room and run the "
                        + "study again to resume it.",
                    _failure
                );
            }
        }
    }

    private static List<StudyFile.Entry> With(
        string folder,
        IReadOnlyList<StudyFile.Entry> before,
        IEnumerable<StudyFile.Entry> trials
    )
    {
        var entries = before.ToList();
        foreach (var trial in trials)
        {
            if (entries.Find(entry => entry.Key == trial.Key) is StudyFile.Entry known)
            {
                CheckKnown(folder, known, trial);
            }
            else
            {
                entries.Add(trial with { Folder = FolderOf(trial, entries.Count + 1) });
            }
        }

        return entries;
    }

    private static void CheckQuestion(string folder, StudyFile before, StudyFile study)
    {
        if (before.Monitor != study.Monitor)
        {
            throw new InvalidOperationException(
                $"The study in '{Path.GetFullPath(folder)}' compares by {before.Monitor}, but is to compare by "
                    + $"{study.Monitor}. Give the same, or another folder."
            );
        }

        string had = StudyFolds.Text(before.Folds),
            asked = StudyFolds.Text(study.Folds);
        if (had != asked)
        {
            throw new InvalidOperationException(
                $"The study in '{Path.GetFullPath(folder)}' has {had}, but the plan has {asked}, which are trials on other "
                    + "data. Give the same, or another folder; Repeat, and the parameter run of WithFolds, extend a study."
            );
        }
    }

    private static void CheckKnown(string folder, StudyFile.Entry known, StudyFile.Entry trial)
    {
        if (
            !known
                .Factors.OrderBy(factor => factor.Key, StringComparer.Ordinal)
                .SequenceEqual(trial.Factors.OrderBy(factor => factor.Key, StringComparer.Ordinal))
        )
        {
            throw new InvalidOperationException(
                $"The study in '{Path.GetFullPath(folder)}' has a setting '{trial.Setting}' with "
                    + $"{Text(known.Factors)}, but it is to be {Text(trial.Factors)}. Give the same plan, or another "
                    + "folder."
            );
        }

        if (known.Division != trial.Division)
        {
            throw new InvalidOperationException(
                $"The study in '{Path.GetFullPath(folder)}' divided its training data into other folds for the trial "
                    + $"'{trial.Key}': samples, labels or groups have changed since. Give the same data and groups, or another "
                    + "folder."
            );
        }
    }

    private bool Write()
    {
        try
        {
            bool isWritten = _store.TryWrite(_file);
            _failure = null;
            return isWritten;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure = e; // Close reports it
            return true;
        }
    }

    /// <summary>Whether a failure is not the trial's own, so that it may be tried again.</summary>
    public static bool IsOfTheDisk(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A name that every system allows, and that no other trial of the study has: the number is its own.</summary>
    private static string FolderOf(StudyFile.Entry trial, int number)
    {
        string plain = string.Concat(
            trial.Setting.Select(letter =>
                char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? char.ToLowerInvariant(letter) : '_'
            )
        );
        return string.Create(CultureInfo.InvariantCulture, $"{number:000}_{plain[..Math.Min(plain.Length, 60)]}_seed{trial.Seed}")
            + (trial.Fold is int fold ? string.Create(CultureInfo.InvariantCulture, $"_fold{fold}") : "");
    }

    private static string Text(IReadOnlyDictionary<string, string> factors) =>
        string.Join(", ", factors.Select(factor => $"{factor.Key} {factor.Value}"));
}

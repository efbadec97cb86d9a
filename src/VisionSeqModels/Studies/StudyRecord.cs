using System.Globalization;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>A study's record while it runs. Several threads may use it.</summary>
internal sealed class StudyRecord
{
    private readonly Lock _own = new();
    private readonly string _folder;
    private StudyFile _file;
    private Exception? _failure;

    private StudyRecord(string folder, StudyFile file) => (_folder, _file) = (folder, file);

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

    /// <summary>A new record, or the one that is there with what is new; written.</summary>
    /// <exception cref="InvalidOperationException">The folder holds a study that asks something else.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static StudyRecord Begin(string folder, StudyFile study)
    {
        var before = System.IO.File.Exists(Path.Combine(folder, StudyFile.Name)) ? StudyFile.Read(folder) : null;
        if (before is not null && before.Monitor != study.Monitor)
        {
            throw new InvalidOperationException(
                $"The study in '{Path.GetFullPath(folder)}' compares by {before.Monitor}, but is to compare by "
                    + $"{study.Monitor}. Give the same, or another folder."
            );
        }

        var entries = before?.Trials.ToList() ?? [];
        foreach (var trial in study.Trials)
        {
            var known = entries.Find(entry => entry.Setting == trial.Setting && entry.Seed == trial.Seed);
            if (known is null)
            {
                entries.Add(trial with { Folder = FolderOf(trial, entries.Count + 1) });
            }
            else if (
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
        }

        var record = new StudyRecord(folder, study with { Trials = entries });
        record._file.Write(folder);
        return record;
    }

    /// <summary>The trial's entry as it is now.</summary>
    public StudyFile.Entry Of(string setting, long seed) =>
        File.Trials.Single(trial => trial.Setting == setting && trial.Seed == seed);

    /// <summary>The history in the trial's own folder, or null where there is none.</summary>
    public TrainingHistory? HistoryOf(StudyFile.Entry trial) =>
        trial.Read(_folder) is (RunRecord record, _) ? TrainingHistory.Of(record, Path.Combine(_folder, trial.Folder)) : null;

    /// <summary>Notes why a trial failed, or that it did not. Where it cannot be written, the other trials continue;
    /// <see cref="Close"/> tries once more.</summary>
    public void Ended(StudyFile.Entry trial, Exception? failure)
    {
        lock (_own)
        {
            var now = trial with { Failure = failure?.Message, CanTryAgain = IsOfTheDisk(failure) };
            if (now == Of(trial.Setting, trial.Seed))
            {
                return;
            }

            _file = _file with
            {
                Trials =
                [
                    .. _file.Trials.Select(entry => entry.Setting == trial.Setting && entry.Seed == trial.Seed ? now : entry),
                ],
            };
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

    private void Write()
    {
        try
        {
            _file.Write(_folder);
            _failure = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure = e; // Close reports it
        }
    }

    private static bool IsOfTheDisk(Exception? failure)
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

    /// <summary>A name that every system allows.</summary>
    private static string FolderOf(StudyFile.Entry trial, int number)
    {
        string plain = string.Concat(
            trial.Setting.Select(letter =>
                char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? char.ToLowerInvariant(letter) : '_'
            )
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{number:000}_{plain[..Math.Min(plain.Length, 60)]}_seed{trial.Seed}"
        );
    }

    private static string Text(IReadOnlyDictionary<string, string> factors) =>
        string.Join(", ", factors.Select(factor => $"{factor.Key} {factor.Value}"));
}

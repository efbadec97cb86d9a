using System.Globalization;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Data;
using VisionSeqModels.Training;

namespace VisionSeqModels.Studies;

/// <summary>Runs the trials of a study that are not over, and keeps its record.</summary>
internal sealed class StudyRunner<TSetting>(string folder, StudyPlan<TSetting> plan, Func<TSetting, long, StudyTrial> make, FitData data, StudyOptions options, ILogger? logger)
{
    public StudyFile Run(CancellationToken cancellationToken)
    {
        var file = Begin();
        file.Write(folder);
        int number = 0;
        foreach (var (setting, seed) in plan.Settings.SelectMany(setting => options.Seeds.Select(seed => (setting, seed))))
        {
            var entry = file.Trials.Single(trial => trial.Setting == setting.Name && trial.Seed == seed);
            string name = string.Create(CultureInfo.InvariantCulture, $"trial {++number} of {plan.Settings.Count * options.Seeds.Count}: {setting.Name}, seed {seed}");
            if (IsOver(entry))
            {
                options.Progress?.WriteLine($"{name}: done before");
                continue;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            options.Progress?.WriteLine(name);
            string? failure = Try(setting.Value, seed, Path.Combine(folder, entry.Folder), cancellationToken);
            if (failure is not null)
            {
                options.Progress?.WriteLine($"  failed: {failure}");
                file = file with { Trials = [.. file.Trials.Select(trial => trial == entry ? trial with { Failure = failure } : trial)] };
                file.Write(folder);
            }
        }

        return file;
    }

    /// <summary>A new record, or the one that is there with what is new.</summary>
    private StudyFile Begin()
    {
        var before = File.Exists(Path.Combine(folder, StudyFile.Name)) ? StudyFile.Read(folder) : null;
        if (before is not null && before.Monitor != options.Monitor)
        {
            throw new InvalidOperationException($"The study in '{Path.GetFullPath(folder)}' compares by {before.Monitor}, but is to go on by {options.Monitor}. Give the same, or another folder.");
        }

        var entries = before?.Trials.ToList() ?? [];
        foreach (var (setting, seed) in plan.Settings.SelectMany(setting => options.Seeds.Select(seed => (setting, seed))))
        {
            var known = entries.FirstOrDefault(entry => entry.Setting == setting.Name && entry.Seed == seed);
            if (known is null)
            {
                entries.Add(new StudyFile.Entry(setting.Name, setting.Factors, seed, FolderOf(setting.Name, seed, entries.Count + 1)));
            }
            else if (!known.Factors.OrderBy(factor => factor.Key, StringComparer.Ordinal).SequenceEqual(setting.Factors.OrderBy(factor => factor.Key, StringComparer.Ordinal)))
            {
                throw new InvalidOperationException(
                    $"The study in '{Path.GetFullPath(folder)}' has a setting '{setting.Name}' with {Text(known.Factors)}, but it is to be {Text(setting.Factors)}. Give the same plan, or another folder.");
            }
        }

        return new StudyFile { Question = options.Question, Monitor = options.Monitor, HigherIsBetter = options.HigherIsBetter, Command = options.Command, Trials = entries };
    }

    private bool IsOver(StudyFile.Entry entry)
    {
        string path = Path.Combine(folder, entry.Folder);
        return entry.Failure is not null || (File.Exists(Path.Combine(path, "run.json")) && TrainingHistory.Load(path).StopReason is not (StopReason.Running or StopReason.Cancelled));
    }

    /// <summary>Runs a trial; the reason where it failed. A failure that run.json has recorded is none of this file's.</summary>
    private string? Try(TSetting setting, long seed, string path, CancellationToken cancellationToken)
    {
        try
        {
            var trial = make(setting, seed);
            using var model = trial.Model;
            var trainer = new Trainer(trial.Options with { Seed = seed, RunDirectory = path }, logger);
            foreach (var callback in trial.Callbacks)
            {
                trainer.Callbacks.Add(callback);
            }

            _ = RunDirectory.CanResume(path) ? trainer.Resume(path, model, data, cancellationToken) : trainer.Fit(model, data, cancellationToken);
            return null;
        }
        catch (Exception e)
        {
            return e.Message;
        }
    }

    /// <summary>A name that every system allows.</summary>
    private static string FolderOf(string setting, long seed, int number)
    {
        string plain = string.Concat(setting.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? char.ToLowerInvariant(letter) : '_'));
        return string.Create(CultureInfo.InvariantCulture, $"{number:000}_{plain[..Math.Min(plain.Length, 60)]}_seed{seed}");
    }

    private static string Text(IReadOnlyDictionary<string, string> factors) => string.Join(", ", factors.Select(factor => $"{factor.Key} {factor.Value}"));
}

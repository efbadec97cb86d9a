using System.Globalization;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Core;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Studies;

/// <summary>Many runs over settings, side by side: each trial is a run folder, and a report compares them.</summary>
/// <remarks>A study that was killed resumes when it is run again in the same folder, trials half done included. A trial that
/// fails or diverges is a row with its reason; the others run all the same. The report is drawn from the folders alone:
/// <c>Study.Open(folder).WriteReport()</c> draws it again.</remarks>
public sealed class Study
{
    private readonly StudyFile _file;

    private Study(string folder, StudyFile file, ITrialRecords records)
    {
        Folder = folder;
        _file = file;
        Trials = [.. file.Trials.Select(trial => ResultOf(file, trial, folder, records))];
    }

    /// <summary>The study's folder.</summary>
    public string Folder { get; }

    /// <summary>The question it asks.</summary>
    public string Question => _file.Question;

    /// <summary>The metric that settings are compared by.</summary>
    public string Monitor => _file.Monitor;

    /// <summary>Whether larger values of it are better.</summary>
    public bool HigherIsBetter => _file.HigherIsBetter;

    /// <summary>The command that runs the study, or null.</summary>
    public string? Command => _file.Command;

    /// <summary>How many trials ran at once the last time, or null where that is not recorded.</summary>
    public int? ParallelTrials => _file.ParallelTrials;

    /// <summary>The trials, in order.</summary>
    public IReadOnlyList<TrialResult> Trials { get; }

    /// <summary>What it found, in sentences: the best setting, and each factor's verdict.</summary>
    public StudyConclusion Conclusion => new(new StudySummary(_file, Trials));

    /// <summary>Runs what is not done yet of a study, some trials at once (<see cref="StudyOptions.ParallelTrials"/>).</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="folder">The study's folder; it is created, or the study in it is resumed.</param>
    /// <param name="plan">The settings.</param>
    /// <param name="make">Turns a setting and a seed into the model and the way to train it. The generator of libtorch is
    /// seeded with the seed before, so that a model of your own has the same weights each time. With several trials at once
    /// it is called from their threads, one call at a time. Each call must build objects of its own. It is also called for
    /// trials that were run before, to compare what they were run with.</param>
    /// <param name="data">The data, the same for all trials.</param>
    /// <param name="options">Question, seeds, metric; null for the defaults.</param>
    /// <param name="logger">Where trainers log to; null for nowhere.</param>
    /// <param name="cancellationToken">Looked at between steps; the trials under way save their state.</param>
    /// <returns>The study as it is then. After a cancellation some trials are not over.</returns>
    /// <exception cref="InvalidOptionsException">Options out of range, the message names every one; or a metric to compare
    /// by that the trials do not have.</exception>
    /// <exception cref="ArgumentException">Several trials at once, or folds, are asked for, but the data does not support
    /// it.</exception>
    /// <exception cref="InvalidDataException">The folder holds a study of another version.</exception>
    /// <exception cref="InvalidOperationException">The folder holds a study that asks something else, or trials with other
    /// options than <paramref name="make"/> builds now. Or two trials share a model, an optimizer, a callback with state,
    /// or data that can be read only once.</exception>
    /// <exception cref="IOException">The folder is in use, or cannot be written to.</exception>
    public static Study Run<TSetting>(
        string folder,
        StudyPlan<TSetting> plan,
        Func<TSetting, long, StudyTrial> make,
        FitData data,
        StudyOptions? options = null,
        ILogger? logger = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new StudyOptions();
        options.Validate(plan.Repeats, plan.Folds, data.Test is not null, isSearch: plan.Search is not null);
        TorchRuntime.EnsureAvailable();
        bool isNew = !Directory.Exists(folder);
        try
        {
            using var claim = options.Ledger is null ? RunDirectory.Lock(folder) : null;
            using var waits = options.Ledger?.LimitWaits(cancellationToken);
            var runner = new StudyRunner<TSetting>(folder, plan, make, data, options, logger);
            return new Study(folder, runner.Run(cancellationToken), runner.Records);
        }
        catch (InvalidOptionsException) when (isNew)
        {
            RemoveIfEmpty(folder);
            throw;
        }
    }

    /// <summary>A refused study leaves nothing.</summary>
    private static void RemoveIfEmpty(string folder)
    {
        try
        {
            FileSystem.Current.DeleteFolder(folder, recursive: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something is in it.
        }
    }

    /// <summary>Reads a study from its folder; each trial's run.json is read once.</summary>
    /// <param name="folder">The folder that holds <c>study.json</c>.</param>
    /// <exception cref="FileNotFoundException">There is no study.</exception>
    /// <exception cref="InvalidDataException">The file is none, or of another version.</exception>
    public static Study Open(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new Study(folder, StudyFile.Read(folder), new FolderRecords(folder));
    }

    /// <summary>Reads a study from a ledger, whatever its workers do meanwhile: trials under way are there with what they have
    /// published.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="folder">Where the run folders of the trials that are over are written, and the report goes; files that are
    /// there already are not read again.</param>
    /// <exception cref="FileNotFoundException">The ledger holds no study.</exception>
    /// <exception cref="InvalidDataException">Its record is none, or of another version.</exception>
    /// <exception cref="IOException">The ledger cannot be reached, or the folder cannot be written to.</exception>
    public static Study Open(IStudyLedger ledger, string folder)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var record =
            ledger.ReadRecord()
            ?? throw new FileNotFoundException(
                $"There is no study yet in {ledger.Name}. Start a worker with Study.Run, or name the ledger of another study."
            );
        var trials = new LedgerRecords(ledger, folder);
        return new Study(folder, LedgerMirror.Update(ledger, folder, StudyFile.Parse(record.Json, ledger.Name), trials), trials);
    }

    /// <summary>Writes <c>report.html</c> (one file that needs nothing else), <c>report.md</c>, and the charts that the
    /// latter shows, into the study's folder.</summary>
    /// <remarks>A chart is <c>METRIC.png</c>, for example <c>test_accuracy.png</c>, with all curves in it, those of the training
    /// data beside them, or <c>METRIC_by_setting.png</c>, with a small chart for each of the best 24 settings.
    /// <c>effects.png</c>, <c>effects_2.png</c> … are the heat maps of a grid. <c>coordinates.png</c> has a line for each of
    /// ten or more settings of a search. Each file is whole or absent.</remarks>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void WriteReport()
    {
        var report = Report();
        StudyPage.Of(report).Save(Path.Combine(Folder, "report.html"));
        var pictures = CurvePictures.Write(report.Curves, Folder);
        var maps = FactorPictures.Write(report, Folder);
        AtomicFile.WriteAllText(Path.Combine(Folder, "report.md"), StudyMarkdown.Of(report, pictures, maps));
    }

    /// <summary>Writes the settings with their final metric, and what the study found, as plain text for a terminal.</summary>
    /// <param name="writer">Where to write; it is not disposed.</param>
    /// <param name="columns">The longest line; default 79, at least 40.</param>
    public void WriteSummary(TextWriter writer, int columns = 79)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 40);
        writer.Write(StudyText.Of(Report(), columns).ReplaceLineEndings(writer.NewLine));
        writer.Flush();
    }

    /// <summary>What the report says, as its pages take it.</summary>
    internal StudyReport Report() => new(new StudySummary(_file, Trials), Folder);

    private static TrialResult ResultOf(StudyFile study, StudyFile.Entry trial, string folder, ITrialRecords records)
    {
        var (record, problem) = records.Read(trial);
        var history = record is null ? null : TrainingHistory.Of(record, Path.Combine(folder, trial.Folder));
        string? failure = trial.Failure ?? problem;
        var result = new TrialResult
        {
            Setting = trial.Setting,
            Factors = trial.Factors,
            Seed = trial.Seed,
            Fold = trial.Fold,
            Folder = trial.Folder,
            History = history,
            Record = record,
            Outcome = failure is not null ? StopReason.Failed : history?.StopReason ?? StopReason.Running,
            Reason = failure ?? history?.StopMessage,
            Parameters = record?.Model?.Parameters,
            Claims = trial.Claims ?? [],
            Changes = trial.Changes ?? [],
        };
        return Rated(Halved(result, study), study);
    }

    /// <summary>A trial that waits on a rung of successive halving was stopped early.</summary>
    private static TrialResult Halved(TrialResult result, StudyFile study) =>
        study.Halving is SuccessiveHalvingOptions halving
        && result.Outcome == StopReason.Cancelled
        && halving.Rungs().SkipLast(1).Contains(result.Final?.Epoch ?? 0)
            ? result with
            {
                Outcome = StopReason.StoppedEarly,
                Reason = string.Create(
                    CultureInfo.InvariantCulture,
                    $"successive halving, after epoch {result.Final!.Epoch} of {halving.MaximumEpochs}"
                ),
            }
            : result;

    /// <summary>The metric that it is compared by, or why it is undefined.</summary>
    private static TrialResult Rated(TrialResult result, StudyFile study)
    {
        if (result.Outcome is not (StopReason.Completed or StopReason.StoppedEarly))
        {
            return result;
        }

        var (last, monitor) = (result.Final, study.Monitor);
        string? undefined =
            last is null ? "no epoch was finished"
            : last[monitor] is not double value
                ? $"no metric named {monitor} was recorded; there are {string.Join(", ", last.Metrics.Keys)}"
            : double.IsFinite(value) ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{monitor} is {(double.IsNaN(value) ? "NaN" : "infinite")} after epoch {last.Epoch}"
            );
        return undefined is null
            ? result with
            {
                Score = last![monitor],
            }
            : result with
            {
                Reason = result.Reason is null ? undefined : $"{undefined} ({result.Reason})",
            };
    }
}

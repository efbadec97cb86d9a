using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Studies;

/// <summary>Many runs over settings, side by side: each trial is a run folder, and a report compares them.</summary>
/// <remarks> A study that is killed goes on where it was when it is run again in the same folder, trials half done
/// included. A trial that fails or diverges is a row with its reason; the others are run all the same. The report is drawn
/// from the folders alone: <c>Study.Open(folder).WriteReport()</c> draws it again. </remarks>
public sealed class Study
{
    private readonly StudyFile _file;

    private Study(string folder, StudyFile file)
    {
        Folder = folder;
        _file = file;
        Rows = [.. file.Trials.Select(trial => Row(folder, file, trial))];
    }

    /// <summary>The study's folder.</summary>
    public string Folder { get; }

    /// <summary>The question it asks.</summary>
    public string Question => _file.Question;

    /// <summary>The figure that settings are compared by.</summary>
    public string Monitor => _file.Monitor;

    /// <summary>Whether larger values of it are better.</summary>
    public bool HigherIsBetter => _file.HigherIsBetter;

    /// <summary>The command that runs the study, or null.</summary>
    public string? Command => _file.Command;

    /// <summary>How many trials were run at once the last time, or null where that is not recorded.</summary>
    public int? ParallelTrials => _file.ParallelTrials;

    /// <summary>The trials, in order.</summary>
    public IReadOnlyList<TrialResult> Rows { get; }

    /// <summary>Runs what is not done yet of a study, some trials at once (<see cref="StudyOptions.ParallelTrials"/>).</summary>
    /// <typeparam name="TSetting">The user's own record of settings.</typeparam>
    /// <param name="folder">The study's folder; it is created, or gone on with.</param>
    /// <param name="plan">The settings.</param>
    /// <param name="make">Makes of a setting and a seed the model and the way to train it. libtorch's generator is seeded
    /// with the seed before, so that a model of your own has the same weights each time. With several trials at once it is
    /// called from their threads, one call at a time.</param>
    /// <param name="data">The data, the same for all trials.</param>
    /// <param name="options">Question, seeds, figure; null for the defaults.</param>
    /// <param name="logger">Where trainers log to; null for nowhere.</param>
    /// <param name="cancellationToken">Looked at between steps; the trials under way save their state.</param>
    /// <returns>The study as it is then; after a cancellation with trials that are not over.</returns>
    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    /// <exception cref="ArgumentException">Several trials at once are asked for, but the data does not support it.</exception>
    /// <exception cref="InvalidDataException">The folder holds a study of another version.</exception>
    /// <exception cref="InvalidOperationException">The folder holds a study that asks something else.</exception>
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
        options.Validate();
        TorchRuntime.EnsureAvailable();
        using var claim = RunDirectory.Lock(folder);
        var runner = new StudyRunner<TSetting>(folder, plan, make, data, options, logger);
        return new Study(folder, runner.Run(cancellationToken));
    }

    /// <summary>Reads a study from its folder.</summary>
    /// <param name="folder">The folder that holds <c>study.json</c>.</param>
    /// <exception cref="FileNotFoundException">There is no study.</exception>
    /// <exception cref="InvalidDataException">The file is none, or of another version.</exception>
    public static Study Open(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new Study(folder, StudyFile.Read(folder));
    }

    /// <summary>Writes <c>report.html</c> (one file that needs nothing else), <c>report.md</c>, and the charts that the
    /// latter shows, into the study's folder.</summary>
    /// <remarks>A chart is <c>FIGURE.png</c>, for example <c>test_accuracy.png</c>, with all curves in it, or
    /// <c>FIGURE_by_setting.png</c>, with a small chart for each of the best 24 settings. Each file is whole or
    /// absent.</remarks>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void WriteReport() => new StudyReport(this).Write();

    private static TrialResult Row(string folder, StudyFile study, StudyFile.Entry trial)
    {
        var (history, problem) = trial.Read(folder);
        string? failure = trial.Failure ?? problem;
        var row = new TrialResult
        {
            Setting = trial.Setting,
            Factors = trial.Factors,
            Seed = trial.Seed,
            Folder = trial.Folder,
            History = history,
            Outcome = failure is not null ? StopReason.Failed : history?.StopReason ?? StopReason.Running,
            Reason = failure ?? history?.StopMessage,
            Parameters = history is null ? null : Parameters(StudyRun.Read(folder, trial.Folder)),
        };
        return
            study.Halving is SuccessiveHalvingOptions halving
            && row.Outcome == StopReason.Cancelled
            && halving.Rungs().Contains(row.Final?.Epoch ?? 0)
            ? row with
            {
                Outcome = StopReason.StoppedEarly,
                Reason = string.Create(
                    CultureInfo.InvariantCulture,
                    $"successive halving, after epoch {row.Final!.Epoch} of {halving.MaxEpochs}"
                ),
            }
            : row;
    }

    private static long? Parameters(JsonObject run) =>
        run["model"] is JsonObject model && model["parameters"] is JsonValue value && value.TryGetValue(out long parameters)
            ? parameters
            : null;
}

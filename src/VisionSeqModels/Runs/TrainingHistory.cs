using VisionSeqModels.Core;
using VisionSeqModels.Runs;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>The record of a training run: a row for each epoch, and how it ended.</summary>
public sealed class TrainingHistory
{
    private readonly List<EpochRecord> _epochs = [];
    private readonly List<ResumeRecord> _resumes = [];
    private readonly List<string> _warnings = [];

    /// <summary>One record for each epoch, in order.</summary>
    public IReadOnlyList<EpochRecord> Epochs => _epochs;

    /// <summary>The values of one metric over the epochs, for example <c>history["test_accuracy"]</c>; NaN where an epoch
    /// has none.</summary>
    /// <param name="metric">The name of the metric.</param>
    /// <exception cref="KeyNotFoundException">No epoch has a metric of that name; the message lists those there are.</exception>
    public IReadOnlyList<double> this[string metric]
    {
        get
        {
            if (!MetricNames.Contains(metric))
            {
                string known = MetricNames.Count == 0 ? "none, since no epoch was finished" : PlainText.List(MetricNames);
                throw new KeyNotFoundException(
                    $"The history has no metric named '{PlainText.Of(metric)}'. Recorded metrics: {known}."
                );
            }

            return [.. _epochs.Select(epoch => epoch[metric] ?? double.NaN)];
        }
    }

    /// <summary>The names of all metrics, in the order in which they first appeared.</summary>
    public IReadOnlyList<string> MetricNames => [.. _epochs.SelectMany(epoch => epoch.Metrics.Keys).Distinct()];

    /// <summary>Why the run ended.</summary>
    public StopReason StopReason { get; internal set; }

    /// <summary>The message of whoever asked for the end, or null.</summary>
    public string? StopMessage { get; internal set; }

    /// <summary>Each time that the run was resumed, in order; empty for a run in one piece.</summary>
    public IReadOnlyList<ResumeRecord> Resumes => _resumes;

    /// <summary>What went wrong without ending the run: a callback of the Report stage threw, with its message. The training is
    /// not touched by it.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>When the run was begun, for a resumed run the first time.</summary>
    public DateTimeOffset StartedAt { get; internal set; }

    /// <summary>How often this <c>Fit</c> read values of training and evaluation from the device, and waited for it. It
    /// does so once an epoch, once an evaluation, once a saved state, and once every
    /// <see cref="TrainerOptions.LogEverySteps"/>. Callbacks' own reading is not in it, but for
    /// <see cref="FitContext.ReadTrainLoss"/>.</summary>
    public long HostReads { get; internal set; }

    /// <summary>Seconds from the start of <c>Fit</c> to its end, evaluation and callbacks included; for a resumed run all
    /// its parts together, as far as they were saved.</summary>
    public double Seconds { get; internal set; }

    /// <summary>The seed that was used, also where none was asked for.</summary>
    public long Seed { get; internal set; }

    /// <summary>The device that the model was trained on, for example <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device { get; internal set; } = "cpu";

    /// <summary>libtorch's threads on the CPU; bit-identical repetition needs the same number.</summary>
    public int ThreadCount { get; internal set; }

    /// <summary>Optimizer steps made in all.</summary>
    public long Steps { get; internal set; }

    /// <summary>The folder of the run, or null where none was asked for.</summary>
    public string? RunDirectory { get; internal set; }

    /// <summary>The full epoch at which a metric was best, or null where no epoch has a finite value of it.</summary>
    /// <param name="metric">The name of the metric, for example <c>test_accuracy</c>.</param>
    /// <param name="higherIsBetter">Whether larger is better.</param>
    public EpochRecord? Best(string metric, bool higherIsBetter)
    {
        var usable = _epochs.Where(epoch => !epoch.IsPartial && epoch[metric] is double value && double.IsFinite(value));
        return higherIsBetter ? usable.MaxBy(epoch => epoch[metric]) : usable.MinBy(epoch => epoch[metric]);
    }

    /// <summary>Reads the record of a run from its folder.</summary>
    /// <param name="runDirectory">The folder that holds <c>run.json</c>.</param>
    /// <exception cref="FileNotFoundException">There is no <c>run.json</c>.</exception>
    /// <exception cref="InvalidDataException">It is no record of a run.</exception>
    public static TrainingHistory Load(string runDirectory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(runDirectory);
        return Of(RunRecord.Read(runDirectory), runDirectory);
    }

    /// <summary>The history that a run's record holds.</summary>
    internal static TrainingHistory Of(RunRecord record, string runDirectory)
    {
        var history = new TrainingHistory
        {
            StopReason = record.Status,
            StopMessage = record.StopMessage,
            StartedAt = record.Started,
            Seconds = record.Seconds,
            Seed = record.Seed,
            Device = record.Device,
            ThreadCount = record.Threads,
            Steps = record.Steps,
            RunDirectory = runDirectory,
        };
        history._epochs.AddRange(record.Epochs);
        history._resumes.AddRange(record.Resumes);
        history._warnings.AddRange(record.Warnings ?? []);
        return history;
    }

    internal void Add(EpochRecord epoch) => _epochs.Add(epoch);

    internal void Add(ResumeRecord resume) => _resumes.Add(resume);

    internal void AddWarning(string warning) => _warnings.Add(warning);
}

using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>How a <see cref="Study"/> runs, and what its report says.</summary>
public sealed record StudyOptions
{
    /// <summary>The question that the study asks; the report's heading.</summary>
    public string Question { get; init; } = "Which setting is best?";

    /// <summary>The metric that settings are compared by. Null (default) for <c>test_accuracy</c>, or <c>test_loss</c>
    /// where the trials measure no accuracy, as a model of values does. It begins with <c>val_</c> where the study has no
    /// test data, or a plan with folds has test data besides. It begins with <c>train_</c> where there is neither. A name
    /// that the first trial does not have is refused before anything is written.</summary>
    public string? Monitor { get; init; }

    /// <summary>Whether larger values of it are better; null (default) for what the metric itself says, which is no for a
    /// loss.</summary>
    public bool? HigherIsBetter { get; init; }

    /// <summary>The seeds that every setting is tried with; default one, 1. With several, the report says which
    /// differences are more than chance. A plan that repeats (<see cref="StudyPlan{TSetting}.Repeat"/>)
    /// counts up from one seed.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [1];

    /// <summary>The largest difference of the metric that does not matter, in its own units, for example 0.005 of an accuracy:
    /// where a smaller one is shown, the verdict is “no difference larger than” it. Null, the default, for a hundredth of the
    /// base's mean.</summary>
    public double? EquivalenceMargin { get; init; }

    /// <summary>The command that runs the study, for the report; default nothing.</summary>
    public string? Command { get; init; }

    /// <summary> How many trials run at once, each on its own thread, all with one copy of the data. Null (default): as
    /// many as libtorch has threads (<c>torch.get_num_threads()</c>) and the plan has trials. It is then one where there is
    /// a GPU, or where the data does not support more (<see cref="Data.IBatchSource.SupportsConcurrentReads"/>). A trial's
    /// metrics are bit-identical to those of the same run alone with as many threads. </summary>
    public int? ParallelTrials { get; init; }

    /// <summary>libtorch's threads for each trial; null, the default, to divide its threads among the trials at
    /// once.</summary>
    public int? ThreadsPerTrial { get; init; }

    /// <summary>Successive halving, which trains most trials for a few epochs only; null, the default, for all to the
    /// end.</summary>
    public SuccessiveHalvingOptions? Halving { get; init; }

    /// <summary>Who gets reports on the trials, for example a <see cref="StudyProgressReporter"/>; default nobody. It is
    /// called from the trials' threads, several at once; what it throws fails the trial.</summary>
    public IProgress<StudyProgress>? Progress { get; init; }

    /// <summary>Whether trials stay in the study that were run with other options than the study's function builds now;
    /// default false: they are refused, since trials of unlike options are not comparable. Those that stay are marked in the
    /// report, with each option that differs.</summary>
    public bool AcceptChanges { get; init; }

    /// <summary>Where several processes that run the same program share the trials, on one machine or many: a
    /// <see cref="FolderLedger"/>, or a ledger of your own. Null, the default, where one process runs the study. See
    /// docs/workers.md.</summary>
    public IStudyLedger? Ledger { get; init; }

    /// <summary>This process's name in the ledger, for messages and reports; null, the default, for the machine's name with the
    /// process's number.</summary>
    public string? Worker { get; init; }

    /// <summary>How long a trial stays this worker's own without a sign of life from it; then another resumes it. Default one
    /// minute, at least one second. A lease is renewed four times in its length.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a lease is renewed while the trial makes no step, evaluates no batch and saves no state. After that it
    /// counts as hung, and another worker resumes it. Default 15 minutes, at least <see cref="Lease"/>.</summary>
    public TimeSpan MaximumSilence { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What to do with trials that were begun on a machine that gives other bits; default
    /// <see cref="MachineDifference.Mark"/>.</summary>
    public MachineDifference OnDifferentMachine { get; init; } = MachineDifference.Mark;

    /// <summary>The part of the trials that this process runs, where workers have no ledger in common; null, the default, for
    /// all. The other trials are listed in the study, and stay undone.</summary>
    public StudyShard? Shard { get; init; }

    /// <summary>The name of this worker.</summary>
    internal string WorkerName =>
        Worker ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>The margin where none is set, as a fraction of the base's mean.</summary>
    internal const double RelativeMargin = 0.01;

    /// <summary>The seeds of a plan that repeats so often.</summary>
    internal IReadOnlyList<long> SeedsOf(int repeats) =>
        repeats == 1 ? Seeds : [.. Enumerable.Range(0, repeats).Select(i => unchecked(Seeds[0] + i))];

    /// <param name="repeats">How often the plan runs each setting.</param>
    /// <param name="folds">The plan's folds, or null.</param>
    /// <param name="hasTest">Whether the study has test data of its own.</param>
    /// <param name="isSearch">Whether a sampler chooses the settings.</param>
    internal void Validate(int repeats = 1, StudyFolds? folds = null, bool hasTest = false, bool isSearch = false) =>
        new OptionFaults(nameof(StudyOptions))
            .Require(!string.IsNullOrWhiteSpace(Question), nameof(Question), "a sentence", $"'{Question}'")
            .Require(
                Monitor is null || !string.IsNullOrWhiteSpace(Monitor),
                nameof(Monitor),
                "null or the name of a metric",
                $"'{Monitor}'"
            )
            .Require(
                !isSearch || Halving is null,
                nameof(Halving),
                "null for a plan that searches, whose sampler compares trials that were trained alike (Random takes halving)",
                "set"
            )
            .Require(
                Seeds is { Count: > 0 } && Seeds.Distinct().Count() == Seeds.Count,
                nameof(Seeds),
                "at least one seed, each once",
                Seeds is null ? null : string.Join(", ", Seeds)
            )
            .PositiveOrNull(nameof(EquivalenceMargin), EquivalenceMargin)
            .Require(ParallelTrials is null or >= 1, nameof(ParallelTrials), "null or at least 1", ParallelTrials)
            .Require(ThreadsPerTrial is null or >= 1, nameof(ThreadsPerTrial), "null or at least 1", ThreadsPerTrial)
            .Include(nameof(Halving), Halving?.Faults() ?? [])
            .Require(Worker is null || !string.IsNullOrWhiteSpace(Worker), nameof(Worker), "null or a name", $"'{Worker}'")
            .Require(Lease >= TimeSpan.FromSeconds(1), nameof(Lease), "at least one second", Lease)
            .Require(
                MaximumSilence >= Lease && MaximumSilence > TimeSpan.Zero,
                nameof(MaximumSilence),
                "at least as long as Lease",
                MaximumSilence
            )
            .Require(
                Shard is null || (Shard.Index >= 0 && Shard.Index < Shard.Count),
                nameof(Shard),
                "null or a part whose Index is at least 0 and below its Count",
                Shard
            )
            .Require(
                Shard is null || (Ledger is null && Halving is null && !isSearch),
                nameof(Shard),
                "null with a ledger, which divides the trials itself, and where each trial depends on others (Halving, Search)",
                "set"
            )
            .Require(
                repeats == 1 || Seeds is not { Count: > 1 },
                nameof(Seeds),
                "one seed, from which the plan's repetitions count up",
                Seeds is null ? null : string.Join(", ", Seeds)
            )
            .Require(
                folds is null || Halving is null,
                nameof(Halving),
                "null for a plan with folds, since it would compare trials on unlike data (search first, then give the best "
                    + "settings a plan with folds)",
                "set"
            )
            .Require(
                folds is null || !hasTest || Monitor?.StartsWith("val_", StringComparison.Ordinal) != false,
                nameof(Monitor),
                "a metric on the validation data, such as val_accuracy, for a plan with folds and test data besides (or "
                    + "FitData.Test null)",
                $"'{Monitor}'"
            )
            .ThrowIfAny();
}

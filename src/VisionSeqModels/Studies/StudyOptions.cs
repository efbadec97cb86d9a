using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>How a <see cref="Study"/> runs, and what its report says.</summary>
public sealed record StudyOptions
{
    /// <summary>The question that the study asks; the report's heading.</summary>
    public string Question { get; init; } = "Which setting is best?";

    /// <summary>The metric that settings are compared by; default <c>test_accuracy</c>.</summary>
    public string Monitor { get; init; } = "test_accuracy";

    /// <summary>Whether larger values of it are better; default true.</summary>
    public bool HigherIsBetter { get; init; } = true;

    /// <summary>The seeds that every setting is tried with; default one, 1. With several, the report says whether
    /// differences are more than the noise between seeds.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [1];

    /// <summary>The command that runs the study, for the report; default nothing.</summary>
    public string? Command { get; init; }

    /// <summary> How many trials are run at once, each on a thread of its own, all with one copy of the data; null, the
    /// default, for as many as libtorch has threads (<c>torch.get_num_threads()</c>) and the plan has trials, but one where
    /// there is a GPU, or where the data does not support it (<see cref="Data.IBatchSource.SupportsConcurrentReads"/>). A
    /// trial's metrics are bit-identical to those of the same run alone with as many threads. </summary>
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

    internal void Validate() =>
        new OptionFaults(nameof(StudyOptions))
            .Require(!string.IsNullOrWhiteSpace(Question), nameof(Question), "a sentence", $"'{Question}'")
            .Require(!string.IsNullOrWhiteSpace(Monitor), nameof(Monitor), "the name of a metric", $"'{Monitor}'")
            .Require(
                Seeds is { Count: > 0 } && Seeds.Distinct().Count() == Seeds.Count,
                nameof(Seeds),
                "at least one seed, each once",
                Seeds is null ? null : string.Join(", ", Seeds)
            )
            .Require(ParallelTrials is null or >= 1, nameof(ParallelTrials), "null or at least 1", ParallelTrials)
            .Require(ThreadsPerTrial is null or >= 1, nameof(ThreadsPerTrial), "null or at least 1", ThreadsPerTrial)
            .Include(nameof(Halving), Halving?.Faults() ?? [])
            .ThrowIfAny();
}

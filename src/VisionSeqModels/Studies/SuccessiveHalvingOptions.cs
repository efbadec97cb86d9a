using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary> Asynchronous successive halving (ASHA): all trials train for a few epochs, and the best of them for more. A
/// trial that has reached a rung waits there; whenever there is room, the best waiting trial that is among the first
/// 1/<see cref="ReductionFactor"/> of its rung goes on to the next, else a new one begins. </summary>
/// <remarks> Source: Li, Jamieson, Rostamizadeh, Gonina, Ben-tzur, Hardt, Recht, Talwalkar: A System for Massively Parallel
/// Hyperparameter Tuning (2020). Which trials go on depends on the order in which they end, so with several at once two
/// studies may differ in that; each trial's figures do not. </remarks>
public sealed record SuccessiveHalvingOptions
{
    /// <summary>The epochs of a trial that goes to the end; the study sets <see cref="TrainerOptions.Epochs"/> to it, so
    /// that schedules are made for all of them.</summary>
    public required int MaxEpochs { get; init; }

    /// <summary>The epochs after which trials are first compared; default 1.</summary>
    public int MinEpochs { get; init; } = 1;

    /// <summary>The share of a rung that goes on is one in so many; a rung has as many times the epochs of the one before;
    /// default 3.</summary>
    public int ReductionFactor { get; init; } = 3;

    /// <summary>The most epochs of all trials together, or null for no limit; what would go beyond is not begun.</summary>
    public int? MaxTotalEpochs { get; init; }

    /// <summary>The epochs at which trials wait, and the last.</summary>
    internal IReadOnlyList<int> Rungs()
    {
        var rungs = new List<int>();
        for (long epochs = MinEpochs; epochs < MaxEpochs; epochs *= ReductionFactor)
        {
            rungs.Add((int)epochs);
        }

        return [.. rungs, MaxEpochs];
    }

    internal IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(SuccessiveHalvingOptions))
            .AtLeast(1, nameof(MinEpochs), MinEpochs)
            .AtLeast(Math.Max(MinEpochs, 1), nameof(MaxEpochs), MaxEpochs)
            .AtLeast(2, nameof(ReductionFactor), ReductionFactor)
            .Require(
                MaxTotalEpochs is null || MaxTotalEpochs >= MinEpochs,
                nameof(MaxTotalEpochs),
                "null or at least MinEpochs",
                MaxTotalEpochs
            )
            .All;
}

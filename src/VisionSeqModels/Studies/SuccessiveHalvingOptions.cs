using System.Text.Json.Serialization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary> Asynchronous successive halving (ASHA): all trials train for a few epochs, and the best of them for more. A
/// trial that has reached a rung waits there; whenever there is room, the best waiting trial that is among the first
/// 1/<see cref="ReductionFactor"/> of its rung continues to the next, else a new one begins. </summary>
/// <remarks> Source: Li, Jamieson, Rostamizadeh, Gonina, Ben-tzur, Hardt, Recht, Talwalkar: A System for Massively Parallel
/// Hyperparameter Tuning (2020). Which trials continue depends on the order in which they end, so with several at once two
/// studies may differ in that; each trial's metrics do not. </remarks>
public sealed record SuccessiveHalvingOptions
{
    /// <summary>The epochs of a trial that runs to the end. The study sets <see cref="TrainerOptions.Epochs"/> to it, so
    /// that schedules span all of them.</summary>
    [JsonPropertyName("max_epochs")]
    public required int MaximumEpochs { get; init; }

    /// <summary>The epochs after which trials are first compared; default 1.</summary>
    [JsonPropertyName("min_epochs")]
    public int MinimumEpochs { get; init; } = 1;

    /// <summary>One in so many trials of a rung continues, and a rung has so many times the epochs of the one before;
    /// default 3.</summary>
    public int ReductionFactor { get; init; } = 3;

    /// <summary>The epochs of all trials together, at most; null, the default, for no limit. What would exceed it
    /// is not begun.</summary>
    [JsonPropertyName("max_total_epochs")]
    public int? MaximumTotalEpochs { get; init; }

    /// <summary>The epochs at which trials wait, and the last.</summary>
    internal IReadOnlyList<int> Rungs()
    {
        var rungs = new List<int>();
        for (long epochs = MinimumEpochs; epochs < MaximumEpochs; epochs *= ReductionFactor)
        {
            rungs.Add((int)epochs);
        }

        return [.. rungs, MaximumEpochs];
    }

    internal IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(SuccessiveHalvingOptions))
            .AtLeast(1, nameof(MinimumEpochs), MinimumEpochs)
            .AtLeast(Math.Max(MinimumEpochs, 1), nameof(MaximumEpochs), MaximumEpochs)
            .AtLeast(2, nameof(ReductionFactor), ReductionFactor)
            .Require(
                MaximumTotalEpochs is null || MaximumTotalEpochs >= MinimumEpochs,
                nameof(MaximumTotalEpochs),
                "null or at least MinimumEpochs",
                MaximumTotalEpochs
            )
            .All;
}

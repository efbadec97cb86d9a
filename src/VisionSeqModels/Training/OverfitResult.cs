using System.Globalization;

namespace VisionSeqModels.Training;

/// <summary>What <see cref="Trainer.OverfitOneBatch"/> saw.</summary>
public sealed record OverfitResult
{
    /// <summary>The loss before each step, and after the last.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>How far the loss had to fall, as a fraction of the first.</summary>
    public required double TargetRatio { get; init; }

    /// <summary>Whether the model learned the batch: the last loss is at most <see cref="TargetRatio"/> times the
    /// first.</summary>
    public bool Passed => Losses[^1] <= TargetRatio * Losses[0];

    /// <summary>A sentence.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(Passed ? "Passed" : "Failed")}: the loss of one batch went from {Losses[0]:g4} to {Losses[^1]:g4} in "
                + $"{Losses.Count - 1} steps (asked: {TargetRatio:p0} of the first)."
        );
}

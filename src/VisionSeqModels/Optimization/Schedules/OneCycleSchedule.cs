using System.Text.Json.Serialization;

namespace VisionSeqModels;

/// <summary>Raises the learning rate to the optimizer's own along half a cosine, then lowers it to almost 0; PyTorch's
/// OneCycleLR with two phases. The optimizer's learning rate is the maximum of the run.</summary>
/// <remarks>Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates" (2018).
/// Momentum stays as it is. In a run of few steps (WarmupFraction times steps below 1) the rate only falls, as in
/// PyTorch.</remarks>
public sealed record OneCycleSchedule : LearningRateSchedule
{
    /// <summary>The fraction of the run in which the rate rises; default 0.3, above 0 and below 1.</summary>
    [JsonPropertyName("rising_share")]
    public double WarmupFraction { get; init; } = 0.3;

    /// <summary>The maximum rate divided by the first rate; default 25, at least 1.</summary>
    public double DivFactor { get; init; } = 25;

    /// <summary>The first rate divided by the last rate; default 10,000, at least 1.</summary>
    public double FinalDivFactor { get; init; } = 1e4;

    /// <summary>The curve between two rates; default half a cosine (PyTorch's <c>anneal_strategy</c>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AnnealingCurve Annealing { get; init; }

    /// <inheritdoc/>
    protected override double Factor(long stepsDone, TrainingPlan plan)
    {
        double last = plan.TotalSteps - 1;
        double top = (WarmupFraction * plan.TotalSteps) - 1; // PyTorch's phases end at these steps; below 0 in a short run
        double first = 1 / DivFactor;
        return stepsDone <= top
            ? Between(first, 1, top == 0 ? 1 : stepsDone / top)
            : Between(1, first / FinalDivFactor, Math.Min(1, (stepsDone - top) / (last - top)));
    }

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults()
            .Require(WarmupFraction is > 0 and < 1, nameof(WarmupFraction), "above 0 and below 1", WarmupFraction)
            .Require(double.IsFinite(DivFactor) && DivFactor >= 1, nameof(DivFactor), "a finite number of at least 1", DivFactor)
            .Require(
                double.IsFinite(FinalDivFactor) && FinalDivFactor >= 1,
                nameof(FinalDivFactor),
                "a finite number of at least 1",
                FinalDivFactor
            )
            .Require(Enum.IsDefined(Annealing), nameof(Annealing), "Cosine or Linear", Annealing)
            .All;

    private double Between(double from, double to, double progress) =>
        Annealing == AnnealingCurve.Linear
            ? from + ((to - from) * progress)
            : to + ((from - to) / 2 * (Math.Cos(Math.PI * progress) + 1));
}

using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Adam with decoupled weight decay, with PyTorch's defaults.</summary>
/// <remarks>Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).</remarks>
public sealed record AdamWOptions : OptimizerOptions
{
    /// <summary>The step size; default 0.001.</summary>
    public override double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the gradient's running mean; default 0.9, at least 0 and below 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the squared gradient's running mean; default 0.999, at least 0 and below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator; default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The fraction of each weight that a step removes, times the learning rate; default 0.01.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <inheritdoc/>
    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        optim.AdamW(parameters, LearningRate, Beta1, Beta2, Epsilon, WeightDecay);

    /// <inheritdoc/>
    protected override optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        optim.AdamW(
            sets.Select(set => new AdamW.ParamGroup(
                set.Parameters,
                set.LearningRate,
                Beta1,
                Beta2,
                Epsilon,
                set.WeightDecay ?? WeightDecay
            )),
            LearningRate,
            Beta1,
            Beta2,
            Epsilon,
            WeightDecay
        );

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults()
            .BelowOne(nameof(Beta1), Beta1)
            .BelowOne(nameof(Beta2), Beta2)
            .Positive(nameof(Epsilon), Epsilon)
            .NotNegative(nameof(WeightDecay), WeightDecay)
            .All;
}

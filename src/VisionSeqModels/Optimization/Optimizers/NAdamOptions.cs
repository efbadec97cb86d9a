using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Adam with Nesterov momentum, with PyTorch's defaults (<c>torch.optim.NAdam</c>). Weight decay is added to the
/// gradient.</summary>
/// <remarks>Dozat, "Incorporating Nesterov momentum into Adam" (2016).</remarks>
public sealed record NAdamOptions : OptimizerOptions
{
    /// <summary>The step size; default 0.002 (PyTorch's <c>lr</c>).</summary>
    public override double LearningRate { get; init; } = 2e-3;

    /// <summary>Decay of the gradient's running mean; default 0.9, at least 0 and below 1 (PyTorch's
    /// <c>betas[0]</c>).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the squared gradient's running mean; default 0.999, at least 0 and below 1 (PyTorch's
    /// <c>betas[1]</c>).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator; default 1e-8 (PyTorch's <c>eps</c>).</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>L2 penalty; default 0 (PyTorch's <c>weight_decay</c>).</summary>
    public double WeightDecay { get; init; }

    /// <summary>How slowly the momentum grows to <see cref="Beta1"/>; default 0.004, finite, at least 0 (PyTorch's
    /// <c>momentum_decay</c>).</summary>
    public double MomentumDecay { get; init; } = 4e-3;

    /// <inheritdoc/>
    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        CreateGrouped([new ParameterSet(parameters, LearningRate, WeightDecay)]);

    /// <inheritdoc/>
    protected override optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        new HeldOptimizers.NAdam(
            sets.Select(set => new NAdam.ParamGroup(
                set.Parameters,
                set.LearningRate,
                Beta1,
                Beta2,
                Epsilon,
                set.WeightDecay ?? WeightDecay,
                MomentumDecay
            )),
            LearningRate
        );

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults()
            .BelowOne(nameof(Beta1), Beta1)
            .BelowOne(nameof(Beta2), Beta2)
            .Positive(nameof(Epsilon), Epsilon)
            .NotNegative(nameof(WeightDecay), WeightDecay)
            .NotNegative(nameof(MomentumDecay), MomentumDecay)
            .All;
}

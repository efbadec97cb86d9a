using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Rectified Adam, with PyTorch's defaults (<c>torch.optim.RAdam</c>): its first steps do without the squared
/// gradient's mean until that is reliable. Weight decay is added to the gradient.</summary>
/// <remarks>Liu et al., "On the variance of the adaptive learning rate and beyond" (2020).</remarks>
public sealed record RAdamOptions : OptimizerOptions
{
    /// <summary>The step size; default 0.001 (PyTorch's <c>lr</c>).</summary>
    public override double LearningRate { get; init; } = 1e-3;

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

    /// <inheritdoc/>
    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        new CorrectedOptimizers.RAdam(
            [new RAdam.ParamGroup(parameters, LearningRate, Beta1, Beta2, Epsilon, WeightDecay)],
            LearningRate
        );

    /// <inheritdoc/>
    protected override optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        new CorrectedOptimizers.RAdam(
            sets.Select(set => new RAdam.ParamGroup(
                set.Parameters,
                set.LearningRate,
                Beta1,
                Beta2,
                Epsilon,
                set.WeightDecay ?? WeightDecay
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
            .All;
}

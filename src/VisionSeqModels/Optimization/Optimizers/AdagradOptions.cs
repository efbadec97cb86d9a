using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Adagrad, with PyTorch's defaults (<c>torch.optim.Adagrad</c>): the gradient is divided by the root of the sum of
/// all its squares.</summary>
/// <remarks>Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization"
/// (2011).</remarks>
public sealed record AdagradOptions : OptimizerOptions
{
    /// <summary>The step size; default 0.01 (PyTorch's <c>lr</c>).</summary>
    public override double LearningRate { get; init; } = 1e-2;

    /// <summary>How fast the step size falls: it is divided by 1 + decay × steps; default 0 (PyTorch's
    /// <c>lr_decay</c>).</summary>
    public double LearningRateDecay { get; init; }

    /// <summary>L2 penalty; default 0 (PyTorch's <c>weight_decay</c>).</summary>
    public double WeightDecay { get; init; }

    /// <summary>What the sum of squares begins with; default 0 (PyTorch's <c>initial_accumulator_value</c>).</summary>
    public double InitialAccumulatorValue { get; init; }

    /// <summary>Added to the denominator; default 1e-10 (PyTorch's <c>eps</c>).</summary>
    public double Epsilon { get; init; } = 1e-10;

    /// <inheritdoc/>
    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        CreateGrouped([new ParameterSet(parameters, LearningRate, WeightDecay)]);

    /// <inheritdoc/>
    protected override optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        new HeldOptimizers.Adagrad(
            sets.Select(set => new Adagrad.ParamGroup(
                set.Parameters,
                set.LearningRate,
                LearningRateDecay,
                set.WeightDecay ?? WeightDecay,
                InitialAccumulatorValue,
                Epsilon
            )),
            LearningRate
        );

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults()
            .NotNegative(nameof(LearningRateDecay), LearningRateDecay)
            .NotNegative(nameof(WeightDecay), WeightDecay)
            .NotNegative(nameof(InitialAccumulatorValue), InitialAccumulatorValue)
            .Positive(nameof(Epsilon), Epsilon)
            .All;
}

using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>RMSprop, with PyTorch's defaults (<c>torch.optim.RMSprop</c>): the gradient is divided by the root of its
/// running mean square.</summary>
/// <remarks>Tieleman and Hinton, "Lecture 6.5: RMSProp" (2012); centered: Graves, "Generating sequences with recurrent neural
/// networks" (2013).</remarks>
public sealed record RMSpropOptions : OptimizerOptions
{
    /// <summary>The step size; default 0.01 (PyTorch's <c>lr</c>).</summary>
    public override double LearningRate { get; init; } = 1e-2;

    /// <summary>Decay of the running mean square; default 0.99, at least 0 and below 1 (PyTorch's <c>alpha</c>).</summary>
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the denominator; default 1e-8 (PyTorch's <c>eps</c>).</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>L2 penalty; default 0 (PyTorch's <c>weight_decay</c>).</summary>
    public double WeightDecay { get; init; }

    /// <summary>How much of the velocity stays from step to step; default 0 (none), at least 0 and below 1 (PyTorch's
    /// <c>momentum</c>).</summary>
    public double Momentum { get; init; }

    /// <summary>Whether to divide by the gradient's standard deviation in place of its root mean square; default false
    /// (PyTorch's <c>centered</c>).</summary>
    public bool Centered { get; init; }

    /// <summary>Whether to maximize the loss; default false (PyTorch's <c>maximize</c>).</summary>
    public bool Maximize { get; init; }

    /// <inheritdoc/>
    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        CreateGrouped([new ParameterSet(parameters, LearningRate, WeightDecay)]);

    /// <inheritdoc/>
    protected override optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        new HeldOptimizers.RMSProp(
            sets.Select(set => new RMSProp.ParamGroup(
                set.Parameters,
                set.LearningRate,
                Epsilon,
                Alpha,
                set.WeightDecay ?? WeightDecay,
                Momentum,
                Centered
            )),
            LearningRate,
            Maximize
        );

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults()
            .BelowOne(nameof(Alpha), Alpha)
            .Positive(nameof(Epsilon), Epsilon)
            .NotNegative(nameof(WeightDecay), WeightDecay)
            .BelowOne(nameof(Momentum), Momentum)
            .All;
}

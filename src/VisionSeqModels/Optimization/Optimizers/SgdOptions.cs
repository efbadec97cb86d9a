using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;
using SGD = VisionSeqModels.Optimization.SGD;

namespace VisionSeqModels;

/// <summary>Stochastic gradient descent with optional momentum, in PyTorch's form (the learning rate scales the
/// velocity).</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Name => "SGD";

    /// <summary>The step size; default 0.01 (PyTorch's <c>lr</c>).</summary>
    public override double LearningRate { get; init; } = 1e-2;

    /// <summary>How much of the velocity stays from step to step; default 0 (none), at least 0 and below 1 (PyTorch's
    /// <c>momentum</c>).</summary>
    public double Momentum { get; init; }

    /// <summary>L2 penalty; default 0 (PyTorch's <c>weight_decay</c>).</summary>
    public double WeightDecay { get; init; }

    /// <summary>Whether to look ahead along the velocity; default false; needs a momentum above 0 (PyTorch's
    /// <c>nesterov</c>).</summary>
    public bool Nesterov { get; init; }

    /// <summary>How much less a gradient adds to the velocity; default 0, at most 1; 0 with <see cref="Nesterov"/> (PyTorch's
    /// <c>dampening</c>).</summary>
    public double Dampening { get; init; }

    /// <summary>Whether to maximize the loss; default false (PyTorch's <c>maximize</c>).</summary>
    public bool Maximize { get; init; }

    /// <inheritdoc/>
    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        CreateGrouped([new ParameterSet(parameters, LearningRate, WeightDecay)]);

    /// <inheritdoc/>
    protected override optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        new SGD(
            sets.Select(set => new SGD.ParamGroup(
                set.Parameters,
                set.LearningRate,
                Momentum,
                Dampening,
                set.WeightDecay ?? WeightDecay,
                Nesterov
            )),
            this
        );

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults()
            .BelowOne(nameof(Momentum), Momentum)
            .NotNegative(nameof(WeightDecay), WeightDecay)
            .Require(!Nesterov || Momentum > 0, nameof(Nesterov), "false where Momentum is 0", Nesterov)
            .Require(
                Dampening is >= 0 and <= 1 && (!Nesterov || Dampening == 0),
                nameof(Dampening),
                "from 0 to 1, and 0 with Nesterov",
                Dampening
            )
            .All;
}

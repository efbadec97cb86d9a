using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Stochastic gradient descent with optional momentum, in PyTorch's form (the learning rate scales the
/// velocity).</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Name => "SGD";

    /// <summary>The step size; default 0.01.</summary>
    public override double LearningRate { get; init; } = 1e-2;

    /// <summary>The fraction of the velocity that stays from step to step; default 0, at least 0 and below 1.</summary>
    public double Momentum { get; init; }

    /// <summary>L2 penalty; default 0.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Whether to look ahead along the velocity; default false; needs a momentum above 0.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        optim.SGD(parameters, LearningRate, Momentum, dampening: 0, WeightDecay, Nesterov);

    /// <inheritdoc/>
    protected override optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        optim.SGD(
            sets.Select(set => new SGD.ParamGroup(
                set.Parameters,
                set.LearningRate,
                Momentum,
                dampening: 0,
                set.WeightDecay ?? WeightDecay,
                Nesterov
            )),
            LearningRate,
            Momentum,
            dampening: 0,
            WeightDecay,
            Nesterov
        );

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> Faults() =>
        CommonFaults()
            .BelowOne(nameof(Momentum), Momentum)
            .NotNegative(nameof(WeightDecay), WeightDecay)
            .Require(!Nesterov || Momentum > 0, nameof(Nesterov), "false where Momentum is 0", Nesterov)
            .All;
}

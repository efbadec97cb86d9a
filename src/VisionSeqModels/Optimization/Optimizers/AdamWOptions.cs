using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;
using AdamW = VisionSeqModels.Optimization.AdamW;

namespace VisionSeqModels;

/// <summary>Adam with decoupled weight decay, with PyTorch's defaults.</summary>
/// <remarks>Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).</remarks>
public sealed record AdamWOptions : OptimizerOptions
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

    /// <summary>The fraction of each weight that a step takes away, times the learning rate; default 0.01 (PyTorch's
    /// <c>weight_decay</c>).</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Whether to divide by the largest running mean of squares so far, so that no step grows by forgetting; default
    /// false (PyTorch's <c>amsgrad</c>; Reddi, Kale and Kumar, "On the convergence of Adam and beyond", 2018).</summary>
    public bool AmsGrad { get; init; }

    /// <summary>Whether to maximize the loss; default false (PyTorch's <c>maximize</c>).</summary>
    public bool Maximize { get; init; }

    /// <inheritdoc/>
    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        CreateGrouped([new ParameterSet(parameters, LearningRate, WeightDecay)]);

    /// <inheritdoc/>
    protected override optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        new AdamW(
            sets.Select(set => new AdamW.ParamGroup(
                set.Parameters,
                set.LearningRate,
                Beta1,
                Beta2,
                Epsilon,
                set.WeightDecay ?? WeightDecay,
                AmsGrad,
                Maximize
            )),
            this
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

using TorchSharp.Modules;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;
using Adam = VisionSeqModels.Optimization.Adam;

namespace VisionSeqModels;

/// <summary>Adam, with PyTorch's defaults. Weight decay is added to the gradient; for decoupled decay see
/// <see cref="AdamWOptions"/>.</summary>
/// <remarks>Kingma and Ba, "Adam: a method for stochastic optimization" (2015).</remarks>
public sealed record AdamOptions : OptimizerOptions
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

    /// <summary>Whether to divide by the largest running mean of squares so far, so that no step grows by forgetting; default
    /// false (PyTorch's <c>amsgrad</c>; Reddi, Kale and Kumar, "On the convergence of Adam and beyond", 2018).</summary>
    public bool AmsGrad { get; init; }

    /// <summary>Whether to maximize the loss; default false (PyTorch's <c>maximize</c>).</summary>
    public bool Maximize { get; init; }

    /// <inheritdoc/>
    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        new Adam(parameters, LearningRate, Beta1, Beta2, Epsilon, WeightDecay, AmsGrad, Maximize);

    /// <inheritdoc/>
    protected override optim.Optimizer CreateGrouped(IReadOnlyList<ParameterSet> sets) =>
        new Adam(
            sets.Select(set => new Adam.ParamGroup(
                set.Parameters,
                set.LearningRate,
                Beta1,
                Beta2,
                Epsilon,
                set.WeightDecay ?? WeightDecay,
                AmsGrad,
                Maximize
            )),
            LearningRate,
            Beta1,
            Beta2,
            Epsilon,
            WeightDecay,
            AmsGrad,
            Maximize
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

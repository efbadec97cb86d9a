using VisionSeqModels;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter; // TorchSharp.Modules has an OptimizerOptions of its own

/// <summary>An optimizer that the library has no options for: any of TorchSharp's, or your own.</summary>
internal sealed record RmsPropOptions : OptimizerOptions
{
    public override double LearningRate { get; init; } = 1e-3;

    protected override optim.Optimizer Create(IReadOnlyList<Parameter> parameters) => optim.RMSProp(parameters, LearningRate);
}

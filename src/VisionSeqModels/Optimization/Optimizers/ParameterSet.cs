using TorchSharp.Modules;

namespace VisionSeqModels.Optimization;

/// <summary>Parameters that an optimizer updates with the same settings.</summary>
/// <param name="Parameters">The parameters; at least one.</param>
/// <param name="LearningRate">Their step size.</param>
/// <param name="WeightDecay">Their weight decay, or null for the optimizer's own.</param>
public sealed record ParameterSet(IReadOnlyList<Parameter> Parameters, double LearningRate, double? WeightDecay);

using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Adds to a graph what a module of somebody else's type computes; see
/// <see cref="OnnxOptions.Converters"/>.</summary>
/// <param name="module">The module, in evaluation mode.</param>
/// <param name="graph">The graph to add to.</param>
/// <param name="input">What the module takes.</param>
/// <returns>What the module gives.</returns>
public delegate OnnxValue OnnxConverter(nn.Module module, OnnxGraph graph, OnnxValue input);

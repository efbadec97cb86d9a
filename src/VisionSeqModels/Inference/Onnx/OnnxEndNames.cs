using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>The names of what a graph takes and gives.</summary>
internal sealed class OnnxEndNames(OnnxGraph graph, OnnxInputs inputs, nn.Module model)
{
    public const string Input = "input";
    public const string Lengths = "lengths";

    private readonly string _output = graph.Reserve(
        inputs.Output == OnnxOutput.Probabilities ? "probabilities"
        : model is IConfiguredModel { Output: ModelOutput.Values } || inputs.Output == OnnxOutput.Values ? "values"
        : "scores"
    );

    public bool AreLabels => model is IConfiguredModel { Output: ModelOutput.Labels };

    /// <summary>Gives the output its name by a last node, which computes nothing.</summary>
    public OnnxValue Give(OnnxValue output) => graph.Rename(output, _output);
}

using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>The library's own models.</summary>
internal static class ModelConverters
{
    /// <summary>Null for a module of another kind.</summary>
    public static OnnxValue? Convert(nn.Module module, OnnxGraph graph, OnnxValue input) =>
        module switch
        {
            LeNet lenet => LeNetOf(lenet, graph, input),
            RecurrentClassifier recurrent => new RecurrentConverter(recurrent, graph).Convert(input),
            _ => null,
        };

    private static OnnxValue LeNetOf(LeNet model, OnnxGraph graph, OnnxValue input)
    {
        var parts = model.named_children().ToDictionary(child => child.name, child => child.module, StringComparer.Ordinal);
        OnnxValue Through(OnnxValue value, params string[] names) =>
            names.Aggregate(value, (current, name) => graph.Add(parts[name], current));

        var features = Through(input, "conv1", "activation1", "pool1", "conv2", "activation2", "pool2");
        return Through(LayerConverters.Flat(graph, features, 1), "fc1", "activation3", "fc2", "activation4", "fc3");
    }
}

using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>The library's own models and their parts.</summary>
internal static class ModelConverters
{
    /// <summary>Null for a module of another kind.</summary>
    public static OnnxValue? Convert(nn.Module module, OnnxGraph graph, OnnxValue input) =>
        module switch
        {
            LeNet => LeNetOf(new Parts(module, graph), graph, input),
            Mlp => MlpOf(new Parts(module, graph), LayerConverters.Flat(graph, input, 1)),
            RecurrentClassifier recurrent => new RecurrentConverter(recurrent, graph).Convert(input),
            ResNet => ResNetOf(new Parts(module, graph), graph, input),
            ResNetStage => Chain(new Parts(module, graph), input),
            ProjectionShortcut => new Parts(module, graph).Through(input, "0", "1"),
            BasicBlock => Block(new Parts(module, graph), graph, input),
            PaddedShortcut shortcut => Shortened(shortcut, graph, input),
            _ => null,
        };

    private static OnnxValue LeNetOf(Parts parts, OnnxGraph graph, OnnxValue input)
    {
        var features = parts.Through(input, "conv1", "activation1", "pool1", "conv2", "activation2", "pool2");
        return parts.Through(LayerConverters.Flat(graph, features, 1), "fc1", "activation3", "fc2", "activation4", "fc3");
    }

    private static OnnxValue MlpOf(Parts parts, OnnxValue input) =>
        parts.Through(input, parts.Names.Where(name => char.IsAsciiDigit(name[^1])));

    private static OnnxValue Chain(Parts parts, OnnxValue input) =>
        parts.Through(input, parts.Names.Where(name => char.IsAsciiDigit(name[0])));

    private static OnnxValue ResNetOf(Parts parts, OnnxGraph graph, OnnxValue input)
    {
        var maps = parts.Through(input, "conv1", "bn1", "relu");
        string[] rest = [.. parts.Names.Where(name => name == "maxpool" || name.StartsWith("layer", StringComparison.Ordinal))];
        return parts.Through(LayerConverters.Flat(graph, parts.Through(maps, [.. rest, "avgpool"]), 1), "fc");
    }

    private static OnnxValue Block(Parts parts, OnnxGraph graph, OnnxValue input)
    {
        var maps = parts.Through(input, "conv1", "bn1", "relu", "conv2", "bn2");
        var shortcut = parts.Names.Contains("downsample") ? parts.Through(input, "downsample") : input;
        return parts.Through(graph.Add("Add", [maps, shortcut]), "relu");
    }

    /// <summary>Every second pixel, and channels of zeros.</summary>
    private static OnnxValue Shortened(PaddedShortcut module, OnnxGraph graph, OnnxValue input)
    {
        var kept = graph.Add(
            "Slice",
            [
                input,
                graph.Integers(0, 0),
                graph.Integers(long.MaxValue, long.MaxValue),
                graph.Integers(2, 3),
                graph.Integers(module.Stride, module.Stride),
            ]
        );
        long[] pads = [0, module.Before, 0, 0, 0, module.Behind, 0, 0];
        return graph.Add("Pad", [kept, graph.Integers(pads), graph.Constant(0.0)], ("mode", "constant"));
    }

    /// <summary>The modules within a module, by their names, in the order in which they were registered.</summary>
    private sealed class Parts(nn.Module module, OnnxGraph graph)
    {
        private readonly List<(string Name, nn.Module Module)> _parts = [.. module.named_children()];

        public IEnumerable<string> Names => _parts.Select(part => part.Name);

        public OnnxValue Through(OnnxValue value, params IEnumerable<string> names) =>
            names.Aggregate(value, (current, name) => graph.Add(_parts.Find(part => part.Name == name).Module, current));
    }
}

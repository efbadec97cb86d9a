using Google.Protobuf;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>The messages of an ONNX file; their fields are listed in Inference/Onnx/README.md.</summary>
internal static class OnnxFile
{
    /// <summary>The whole model (ModelProto).</summary>
    public static ProtoMessage Of(
        OnnxGraph graph,
        OnnxInputs inputs,
        nn.Module model,
        IReadOnlyList<OnnxValue> taken,
        OnnxValue given,
        IEnumerable<KeyValuePair<string, string>> metadata
    ) =>
        new ProtoMessage()
            .Add(1, FormatVersion(graph.Opset))
            .Add(2, nameof(VisionSeqModels))
            .Add(3, TorchRuntime.Describe().VisionSeqModels)
            .Add(7, Graph(graph, inputs, model, taken, given))
            .Add(8, new ProtoMessage().Add(1, "").Add(2, graph.Opset))
            .AddAll(14, metadata.Select(entry => new ProtoMessage().Add(1, entry.Key).Add(2, entry.Value)));

    /// <summary>The version of the file format that came with a version of the operators.</summary>
    private static int FormatVersion(int opset) =>
        opset switch
        {
            <= 14 => 7,
            <= 18 => 8,
            <= 20 => 9,
            _ => 10,
        };

    private static ProtoMessage Graph(
        OnnxGraph graph,
        OnnxInputs inputs,
        nn.Module model,
        IReadOnlyList<OnnxValue> taken,
        OnnxValue given
    )
    {
        var used = new HashSet<string>([given.Name], StringComparer.Ordinal);
        var nodes = graph.Nodes.Reverse().Where(node => Takes(node, used)).Reverse().ToList();
        return new ProtoMessage()
            .AddAll(1, nodes.Select(node => Node(node, used)))
            .Add(2, OnnxPlaces.NameOf(model))
            .AddAll(
                5,
                graph.Weights.Where(weight => used.Contains(weight.Name)).Select(entry => Weight(entry.Name, entry.Tensor))
            )
            .AddAll(11, taken.Select(value => Described(value, inputs)))
            .Add(12, Described(given, inputs));
    }

    /// <summary>Whether somebody needs the node; then what it takes is needed too.</summary>
    private static bool Takes(OnnxNode node, HashSet<string> used)
    {
        bool isUsed = node.Outputs.Any(used.Contains);
        if (isUsed)
        {
            used.UnionWith(node.Inputs);
        }

        return isUsed;
    }

    private static ProtoMessage Node(OnnxNode node, HashSet<string> used) =>
        new ProtoMessage()
            .AddAll(1, node.Inputs)
            .AddAll(2, Trimmed(node.Outputs.Select(name => used.Contains(name) ? name : "")))
            .Add(3, node.Name)
            .Add(4, node.Operator)
            .AddAll(5, node.Attributes.All.Select(entry => Attribute(entry.Key, entry.Value)));

    /// <summary>Without empty names at the end.</summary>
    private static IEnumerable<string> Trimmed(IEnumerable<string> names) =>
        names.Reverse().SkipWhile(name => name.Length == 0).Reverse();

    private static ProtoMessage Attribute(string name, object value)
    {
        var message = new ProtoMessage().Add(1, name);
        return value switch
        {
            float real => message.Add(2, real).Add(20, 1),
            long whole => message.Add(3, whole).Add(20, 2),
            string text => message.Add(4, text).Add(20, 3),
            float[] reals => reals.Aggregate(message, (all, real) => all.Add(7, real)).Add(20, 6),
            long[] wholes => message.AddAll(8, wholes).Add(20, 7),
            _ => message.AddAll(9, (string[])value).Add(20, 8),
        };
    }

    private static ProtoMessage Weight(string name, Tensor tensor) =>
        new ProtoMessage()
            .AddAll(1, tensor.shape)
            .Add(2, OnnxTypes.Of(tensor.dtype))
            .Add(8, name)
            .Add(9, UnsafeByteOperations.UnsafeWrap(tensor.bytes.ToArray()));

    /// <summary>Name, dtype and shape of an input or output (ValueInfoProto).</summary>
    private static ProtoMessage Described(OnnxValue value, OnnxInputs inputs)
    {
        var (one, other) = (value.Probes[0].shape, value.Probes[1].shape);
        var shape = new ProtoMessage().AddAll(1, one.Select((size, index) => Dimension(size, other[index], inputs)));
        var type = new ProtoMessage().Add(1, OnnxTypes.Of(value.DataType)).Add(2, shape);
        return new ProtoMessage().Add(1, value.Name).Add(2, new ProtoMessage().Add(1, type));
    }

    private static ProtoMessage Dimension(long one, long other, OnnxInputs inputs)
    {
        string name = one == other ? "" : inputs.NameOf(one, other);
        return one == other ? new ProtoMessage().Add(1, one)
            : name.Length > 0 ? new ProtoMessage().Add(2, name)
            : new ProtoMessage();
    }
}

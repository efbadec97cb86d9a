using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Layers that put a border around their input.</summary>
internal static class PaddingConverters
{
    /// <summary>Null for a module of another kind.</summary>
    public static OnnxValue? Convert(nn.Module module, OnnxGraph graph, OnnxValue input)
    {
        if (module is not PadBase pad)
        {
            return null;
        }

        PaddingModes? mode = module switch
        {
            ConstantPad1d or ConstantPad2d or ConstantPad3d or ZeroPad2d => PaddingModes.Constant,
            ReflectionPad1d or ReflectionPad2d or ReflectionPad3d => PaddingModes.Reflect,
            ReplicationPad1d or ReplicationPad2d or ReplicationPad3d => PaddingModes.Replicate,
            _ => null,
        };
        if (mode is null)
        {
            return null;
        }

        // libtorch lists both sides of the last dimension first.
        long[] begin = [.. pad.padding.Where((_, index) => index % 2 == 0).Reverse()];
        long[] end = [.. pad.padding.Where((_, index) => index % 2 == 1).Reverse()];
        return Pad(graph, input, begin, end, mode.Value, pad.value);
    }

    /// <summary>Puts a border around the last dimensions.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="input">What to pad.</param>
    /// <param name="begin">Elements before each dimension; negative ones cut.</param>
    /// <param name="end">Elements after each dimension.</param>
    /// <param name="mode">What the border is made of.</param>
    /// <param name="value">The border's value, for a constant one.</param>
    public static OnnxValue Pad(OnnxGraph graph, OnnxValue input, long[] begin, long[] end, PaddingModes mode, double value)
    {
        if (mode == PaddingModes.Circular)
        {
            return Wrapped(graph, input, begin, end);
        }

        long[] front = [.. Enumerable.Repeat(0L, input.Shape.Count - begin.Length)];
        long[] pads = [.. front, .. begin, .. front, .. end];
        string name = mode switch
        {
            PaddingModes.Reflect => "reflect",
            PaddingModes.Replicate => "edge",
            _ => "constant",
        };
        return name == "constant"
            ? graph.Add("Pad", [input, graph.Integers(pads), graph.Constant(value)], ("mode", name))
            : graph.Add("Pad", [input, graph.Integers(pads)], ("mode", name));
    }

    /// <summary>Puts the end before the beginning, and the beginning after the end.</summary>
    private static OnnxValue Wrapped(OnnxGraph graph, OnnxValue input, long[] begin, long[] end)
    {
        int front = input.Shape.Count - begin.Length;
        for (int index = 0; index < begin.Length; index++)
        {
            long axis = front + index;
            long size = input.Size((int)axis, graph.Place);
            var before = Part(graph, input, axis, size - begin[index], size);
            var after = Part(graph, input, axis, 0, end[index]);
            OnnxValue?[] parts = [begin[index] == 0 ? null : before, input, end[index] == 0 ? null : after];
            input = graph.Add("Concat", [.. parts.Where(part => part is not null)], ("axis", axis));
        }

        return input;
    }

    private static OnnxValue Part(OnnxGraph graph, OnnxValue input, long axis, long begin, long end) =>
        graph.Add("Slice", [input, graph.Integers(begin), graph.Integers(end), graph.Integers(axis)]);
}

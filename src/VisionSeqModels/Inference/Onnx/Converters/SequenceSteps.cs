using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Which steps of the sequences <c>[batch, time, features]</c> count.</summary>
internal static class SequenceSteps
{
    /// <summary>The values, with another one at the steps after a sequence's end.</summary>
    public static OnnxValue Masked(OnnxGraph graph, OnnxValue values, OnnxValue lengths, double otherwise)
    {
        var number = graph.Add("Unsqueeze", [Numbers(graph, values, 0), graph.Integers(0)]);
        var counts = graph.Add("Less", [number, graph.Add("Unsqueeze", [lengths, graph.Integers(1)])]);
        var mask = graph.Add("Unsqueeze", [counts, graph.Integers(2)]);
        return graph.Add("Where", [mask, values, graph.Constant(otherwise)]);
    }

    /// <summary>The last step, counted from 1, with a feature that is not the padding value.</summary>
    public static OnnxValue Lengths(OnnxGraph graph, OnnxValue sequence, double padding)
    {
        var differs = graph.Add("Not", [graph.Add("Equal", [sequence, graph.Constant(padding)])]);
        var whole = graph.Add("Cast", [differs], ("to", OnnxTypes.Of(ScalarType.Int64)));
        var isStep = Reduction.Of(graph, "ReduceMax", whole, 2, keepsDimension: false);
        var numbered = graph.Add("Mul", [isStep, Numbers(graph, sequence, 1)]);
        return Reduction.Of(graph, "ReduceMax", numbered, 1, keepsDimension: false);
    }

    /// <summary>The number of each step, <c>[time]</c>, int64.</summary>
    private static OnnxValue Numbers(OnnxGraph graph, OnnxValue sequence, long first)
    {
        var steps = graph.Add("Gather", [graph.Add("Shape", [sequence]), graph.Constant(tensor(1L))], ("axis", 0));
        var end = first == 0 ? steps : graph.Add("Add", [steps, graph.Constant(tensor(first))]);
        return graph.Add("Range", [graph.Constant(tensor(first)), end, graph.Constant(tensor(1L))]);
    }
}

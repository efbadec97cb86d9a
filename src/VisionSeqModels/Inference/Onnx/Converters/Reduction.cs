namespace VisionSeqModels.Inference;

/// <summary>Reductions over one dimension, which the versions of ONNX write in two ways.</summary>
internal static class Reduction
{
    private const int AxesAsInput = 18; // from this version on; ReduceSum has them as an input since 13

    public static OnnxValue Of(OnnxGraph graph, string op, OnnxValue input, long axis, bool keepsDimension) =>
        graph.Opset >= AxesAsInput || op == "ReduceSum"
            ? graph.Add(op, [input, graph.Integers(axis)], ("keepdims", keepsDimension))
            : graph.Add(op, [input], ("axes", (long[])[axis]), ("keepdims", keepsDimension));
}

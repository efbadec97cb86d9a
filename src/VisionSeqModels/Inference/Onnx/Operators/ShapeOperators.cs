using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Operators that move elements, and those that reduce dimensions.</summary>
internal static class ShapeOperators
{
    public static IEnumerable<(string Name, SingleOperator Compute)> All =>
        [
            ("Concat", (a, x) => cat([.. x.Select((_, index) => x.Needed(index))], a.Int("axis"))),
            ("DepthToSpace", DepthToSpace),
            ("Expand", (_, x) => x.Needed(0) * ones(x.Numbers(1)!, dtype: x.Needed(0).dtype)),
            ("Flatten", (a, x) => Flatten(x.Needed(0), (int)a.Int("axis", 1))),
            ("Gather", (a, x) => Gather(x.Needed(0), x.Needed(1), a.Int("axis"))),
            ("Pad", Pad),
            ("Range", (_, x) => Range(x.Needed(0), x.Needed(1), x.Needed(2))),
            ("ReduceMax", (a, x) => Reduce(a, x, (tensor, axes, keep) => tensor.amax(axes, keep))),
            ("ReduceMean", (a, x) => Reduce(a, x, (tensor, axes, keep) => tensor.mean(axes, keep))),
            ("ReduceMin", (a, x) => Reduce(a, x, (tensor, axes, keep) => tensor.amin(axes, keep))),
            ("ReduceSum", (a, x) => Reduce(a, x, (tensor, axes, keep) => tensor.sum(axes, keep))),
            ("Reshape", (_, x) => Reshape(x.Needed(0), x.Numbers(1)!)),
            ("Shape", (_, x) => tensor(x.Needed(0).shape)),
            ("Slice", (_, x) => Slice(x.Needed(0), x.Numbers(1)!, x.Numbers(2)!, x.Numbers(3), x.Numbers(4))),
            ("Squeeze", (_, x) => Squeeze(x.Needed(0), x.Numbers(1)!)),
            ("Transpose", (a, x) => x.Needed(0).permute(a.Ints("perm")!).contiguous().alias()),
            ("Unsqueeze", (_, x) => Unsqueeze(x.Needed(0), x.Numbers(1)!)),
        ];

    private static Tensor Range(Tensor begin, Tensor end, Tensor step)
    {
        using Scalar first = begin.ToScalar(),
            last = end.ToScalar(),
            by = step.ToScalar();
        return arange(first, last, by);
    }

    private static Tensor DepthToSpace(OnnxAttributes a, Tensor?[] x) =>
        a.Text("mode", "DCR") == "CRD"
            ? nn.functional.pixel_shuffle(x.Needed(0), a.Int("blocksize"))
            : throw OperatorInputs.Unfit("OnnxGraph knows the mode CRD alone");

    private static Tensor Flatten(Tensor x, int axis) =>
        x.reshape(x.shape.Take(axis).Aggregate(1L, (all, size) => all * size), -1);

    private static Tensor Gather(Tensor x, Tensor indices, long axis) =>
        x.index_select(axis, indices.flatten().to_type(ScalarType.Int64))
            .reshape([.. x.shape.Take((int)axis), .. indices.shape, .. x.shape.Skip((int)axis + 1)]);

    private static Tensor Pad(OnnxAttributes a, Tensor?[] x)
    {
        var input = x.Needed(0);
        long[] pads = x.Numbers(1)!;
        var mode = a.Text("mode", "constant") switch
        {
            "constant" => PaddingModes.Constant,
            "reflect" => PaddingModes.Reflect,
            "edge" => PaddingModes.Replicate,
            var other => throw OperatorInputs.Unfit($"OnnxGraph does not know the mode {other}"),
        };
        double value = x.ElementAtOrDefault(2) is Tensor fill ? fill.to_type(ScalarType.Float64).item<double>() : 0;
        return nn.functional.pad(input, PoolingWindow.FromLastDimension(pads, skip: LeadingZeros(pads)), mode, value);
    }

    /// <summary>The dimensions at the front that are not padded: libtorch pads the last ones alone.</summary>
    private static int LeadingZeros(long[] pads)
    {
        int count = pads.Length / 2;
        return Enumerable.Range(0, count).TakeWhile(index => pads[index] == 0 && pads[count + index] == 0).Count();
    }

    private static Tensor Reduce(OnnxAttributes a, Tensor?[] x, Func<Tensor, long[], bool, Tensor> reduce) =>
        reduce(x.Needed(0), a.Ints("axes") ?? x.Numbers(1)!, a.Int("keepdims", 1) == 1);

    private static Tensor Reshape(Tensor x, long[] sizes) =>
        x.reshape([.. sizes.Select((size, index) => size == 0 ? x.size(index) : size)]).alias();

    private static Tensor Slice(Tensor x, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        for (int index = 0; index < starts.Length; index++)
        {
            long axis = axes?[index] ?? index;
            long size = x.size((int)axis);
            x = x.slice(axis, starts[index], Math.Min(ends[index], size), steps?[index] ?? 1);
        }

        return x.contiguous().alias();
    }

    private static Tensor Squeeze(Tensor x, long[] axes)
    {
        foreach (long axis in axes.OrderDescending())
        {
            x =
                x.size((int)axis) == 1
                    ? x.squeeze(axis)
                    : throw OperatorInputs.Unfit($"dimension {axis} has more than one element");
        }

        return x.alias();
    }

    private static Tensor Unsqueeze(Tensor x, long[] axes)
    {
        foreach (long axis in axes.Order())
        {
            x = x.unsqueeze(axis);
        }

        return x.alias();
    }
}

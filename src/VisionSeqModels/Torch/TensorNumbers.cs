using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Brings tensors of any floating dtype, on any device, to the host as plain numbers. Not for training steps: each
/// call waits for the device.</summary>
internal static class TensorNumbers
{
    /// <summary>All elements, in order.</summary>
    public static double[] Doubles(Tensor values)
    {
        using var scope = NewDisposeScope();
        // first to the CPU: Apple's GPUs have no float64
        return values.detach().cpu().to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    /// <summary>The elements of each sample of <c>[samples, …]</c> on its own, and the sizes of one.</summary>
    public static (int[] Shape, float[][] Samples) BySample(Tensor values)
    {
        using var scope = NewDisposeScope();
        int[] shape = [.. values.shape.Skip(1).Select(size => (int)size)];
        int size = shape.Aggregate(1, (product, next) => product * next);
        float[] all = values.detach().to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        return (shape, [.. Enumerable.Range(0, (int)values.size(0)).Select(i => all[(i * size)..((i + 1) * size)])]);
    }
}

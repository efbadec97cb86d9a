using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>The window of a convolution or pooling: its attributes, with ONNX's defaults.</summary>
internal readonly record struct PoolingWindow(long[] Kernel, long[] Strides, long[] Pads, long[] Dilations)
{
    public static PoolingWindow Of(OnnxAttributes a, long[] kernel) =>
        new(
            kernel,
            a.Ints("strides") ?? Repeat(1, kernel.Length),
            a.Ints("pads") ?? Repeat(0, 2 * kernel.Length),
            a.Ints("dilations") ?? Repeat(1, kernel.Length)
        );

    /// <summary>The input with a value around it.</summary>
    public Tensor Padded(Tensor x, double value) =>
        Array.TrueForAll(Pads, size => size == 0)
            ? x.alias()
            : nn.functional.pad(x, FromLastDimension(Pads), PaddingModes.Constant, value);

    /// <summary>ONNX lists the beginnings of all dimensions, then the ends; libtorch lists both of the last dimension, then
    /// both of the one before.</summary>
    public static long[] FromLastDimension(long[] pads, int skip = 0)
    {
        int count = pads.Length / 2;
        return
        [
            .. Enumerable.Range(skip, count - skip).Reverse().SelectMany(index => new[] { pads[index], pads[count + index] }),
        ];
    }

    private static long[] Repeat(long value, int count) => [.. Enumerable.Repeat(value, count)];
}

using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Poolings over windows and over whole images.</summary>
internal static class PoolingOperators
{
    public static IEnumerable<(string Name, SingleOperator Compute)> All =>
        [
            ("AveragePool", AveragePool),
            ("GlobalAveragePool", (_, x) => x.Needed(0).mean(Spatial(x.Needed(0)), keepdim: true)),
            ("GlobalMaxPool", (_, x) => x.Needed(0).amax(Spatial(x.Needed(0)), keepdim: true)),
            ("MaxPool", MaxPool),
        ];

    private static long[] Spatial(Tensor x) => [.. Enumerable.Range(2, (int)x.dim() - 2).Select(index => (long)index)];

    private static Tensor MaxPool(OnnxAttributes a, Tensor?[] x)
    {
        var window = PoolingWindow.Of(a, a.Ints("kernel_shape")!);
        var padded = window.Padded(x.Needed(0), double.NegativeInfinity);
        long[] none = [.. window.Kernel.Select(_ => 0L)];
        return window.Kernel.Length switch
        {
            1 => nn.functional.max_pool1d(padded, window.Kernel[0], window.Strides[0], 0, window.Dilations[0]),
            2 => nn.functional.max_pool2d(padded, window.Kernel, window.Strides, none, window.Dilations),
            _ => nn.functional.max_pool3d(padded, window.Kernel, window.Strides, none, window.Dilations),
        };
    }

    /// <summary>Sums over windows, divided by how many elements count in each.</summary>
    private static Tensor AveragePool(OnnxAttributes a, Tensor?[] x)
    {
        var input = x.Needed(0);
        var window = PoolingWindow.Of(a, a.Ints("kernel_shape")!);
        var means = Means(window.Padded(input, 0), window);
        return a.Int("count_include_pad") == 1 ? means : means / Means(window.Padded(ones_like(input), 0), window);
    }

    private static Tensor Means(Tensor x, PoolingWindow window)
    {
        long[] none = [.. window.Kernel.Select(_ => 0L)];
        return window.Kernel.Length switch
        {
            1 => nn.functional.avg_pool1d(x, window.Kernel[0], window.Strides[0]),
            2 => nn.functional.avg_pool2d(x, window.Kernel, window.Strides, none),
            _ => nn.functional.avg_pool3d(x, window.Kernel, window.Strides, none),
        };
    }
}

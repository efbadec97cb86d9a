using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Products of matrices, convolutions, and interpolation.</summary>
internal static class LinearOperators
{
    public static IEnumerable<(string Name, SingleOperator Compute)> All =>
        [
            ("Conv", Conv),
            ("ConvTranspose", ConvTranspose),
            ("Gemm", Gemm),
            ("MatMul", (_, x) => x.Needed(0).matmul(x.Needed(1))),
            ("Resize", Resize),
        ];

    private static Tensor Conv(OnnxAttributes a, Tensor?[] x)
    {
        var (input, weight, bias) = (x.Needed(0), x.Needed(1), x.ElementAtOrDefault(2));
        var window = PoolingWindow.Of(a, a.Ints("kernel_shape") ?? weight.shape[2..]);
        var padded = window.Padded(input, 0);
        long groups = a.Int("group", 1);
        long[] none = [.. window.Kernel.Select(_ => 0L)];
        return window.Kernel.Length switch
        {
            1 => nn.functional.conv1d(padded, weight, bias, window.Strides[0], 0, window.Dilations[0], groups),
            2 => nn.functional.conv2d(padded, weight, bias, window.Strides, none, window.Dilations, groups),
            _ => nn.functional.conv3d(padded, weight, bias, window.Strides, none, window.Dilations, groups),
        };
    }

    private static Tensor ConvTranspose(OnnxAttributes a, Tensor?[] x)
    {
        var (input, weight, bias) = (x.Needed(0), x.Needed(1), x.ElementAtOrDefault(2));
        var window = PoolingWindow.Of(a, a.Ints("kernel_shape") ?? weight.shape[2..]);
        int count = window.Kernel.Length;
        long[] pads = [.. window.Pads.Take(count)];
        long[] more = a.Ints("output_padding") ?? [.. pads.Select(_ => 0L)];
        long groups = a.Int("group", 1);
        if (!pads.AsSpan().SequenceEqual(window.Pads.AsSpan(count)))
        {
            throw OperatorInputs.Unfit("OnnxGraph knows the same pads on both sides alone");
        }

        return count switch
        {
            1 => nn.functional.conv_transpose1d(
                input,
                weight,
                bias,
                window.Strides[0],
                pads[0],
                more[0],
                window.Dilations[0],
                groups
            ),
            2 => nn.functional.conv_transpose2d(input, weight, bias, window.Strides, pads, more, window.Dilations, groups),
            _ => nn.functional.conv_transpose3d(input, weight, bias, window.Strides, pads, more, window.Dilations, groups),
        };
    }

    private static Tensor Gemm(OnnxAttributes a, Tensor?[] x)
    {
        var left = a.Int("transA") == 1 ? x.Needed(0).t() : x.Needed(0);
        var right = a.Int("transB") == 1 ? x.Needed(1).t() : x.Needed(1);
        var product = left.mm(right) * a.Number("alpha", 1);
        double beta = a.Number("beta", 1);
        return x.ElementAtOrDefault(2) is Tensor bias ? product + (bias * beta) : product;
    }

    private static Tensor Resize(OnnxAttributes a, Tensor?[] x)
    {
        var input = x.Needed(0);
        string mode = a.Text("mode", "nearest");
        string coordinates = a.Text("coordinate_transformation_mode", "half_pixel");
        bool isNearest = mode == "nearest" && coordinates == "asymmetric" && a.Text("nearest_mode", "") == "floor";
        bool isSmooth =
            coordinates is "align_corners" or "pytorch_half_pixel"
            && (mode == "linear" || (mode == "cubic" && a.Number("cubic_coeff_a", -0.75) == -0.75));
        if (!isNearest && !isSmooth)
        {
            throw OperatorInputs.Unfit($"OnnxGraph does not know the mode {mode} with {coordinates}");
        }

        var interpolation = mode switch
        {
            "nearest" => InterpolationMode.Nearest,
            "cubic" => InterpolationMode.Bicubic,
            _ => (input.dim() - 2) switch
            {
                1 => InterpolationMode.Linear,
                2 => InterpolationMode.Bilinear,
                _ => InterpolationMode.Trilinear,
            },
        };
        return nn.functional.interpolate(
            input,
            x.Numbers(3)?[2..],
            x.ElementAtOrDefault(2) is Tensor scales ? [.. scales.data<float>().Skip(2).Select(scale => (double)scale)] : null,
            interpolation,
            isNearest ? null : coordinates == "align_corners"
        );
    }
}

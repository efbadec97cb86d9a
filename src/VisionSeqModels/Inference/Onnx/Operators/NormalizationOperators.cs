using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Normalisations, as they are in inference.</summary>
internal static class NormalizationOperators
{
    public static IEnumerable<(string Name, SingleOperator Compute)> All =>
        [
            ("BatchNormalization", BatchNormalization),
            ("InstanceNormalization", InstanceNormalization),
            ("LRN", LocalResponse),
            ("LayerNormalization", LayerNormalization),
        ];

    private static Tensor BatchNormalization(OnnxAttributes a, Tensor?[] x)
    {
        var input = x.Needed(0);
        var scale = x.Needed(1) / (x.Needed(4) + a.Number("epsilon", 1e-5)).sqrt();
        return ((input - ByChannel(x.Needed(3), input)) * ByChannel(scale, input)) + ByChannel(x.Needed(2), input);
    }

    private static Tensor InstanceNormalization(OnnxAttributes a, Tensor?[] x)
    {
        var input = x.Needed(0);
        long[] axes = [.. Enumerable.Range(2, (int)input.dim() - 2).Select(index => (long)index)];
        var normalized = Normalized(input, axes, a.Number("epsilon", 1e-5));
        return (normalized * ByChannel(x.Needed(1), input)) + ByChannel(x.Needed(2), input);
    }

    private static Tensor LayerNormalization(OnnxAttributes a, Tensor?[] x)
    {
        var input = x.Needed(0);
        long axis = a.Int("axis", -1);
        long first = axis < 0 ? input.dim() + axis : axis;
        long[] axes = [.. Enumerable.Range((int)first, (int)(input.dim() - first)).Select(index => (long)index)];
        var scaled = Normalized(input, axes, a.Number("epsilon", 1e-5)) * x.Needed(1);
        return x.ElementAtOrDefault(2) is Tensor bias ? scaled + bias : scaled;
    }

    /// <summary>After ONNX: the squares of the channels from (size − 1) / 2 before, rounded down, to (size − 1) / 2 after,
    /// rounded up.</summary>
    private static Tensor LocalResponse(OnnxAttributes a, Tensor?[] x)
    {
        var input = x.Needed(0);
        long size = a.Int("size");
        var squares = nn.functional.pad(
            input.square().movedim([1], [input.dim() - 1]),
            [(size - 1) / 2, size / 2],
            PaddingModes.Constant
        );
        var sums = squares.unfold(input.dim() - 1, size, 1).sum(-1).movedim([input.dim() - 1], [1]);
        return input / (a.Number("bias", 1) + (sums * (a.Number("alpha", 1e-4) / size))).pow(Scalars.Of(a.Number("beta", 0.75)));
    }

    private static Tensor Normalized(Tensor x, long[] axes, double epsilon)
    {
        var centred = x - x.mean(axes, keepdim: true);
        return centred / (centred.square().mean(axes, keepdim: true) + epsilon).sqrt();
    }

    private static Tensor ByChannel(Tensor values, Tensor input) =>
        values.reshape([1, -1, .. Enumerable.Repeat(1L, (int)input.dim() - 2)]);
}

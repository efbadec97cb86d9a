using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Tests.Inference;

/// <summary>The layers that can be exported, each with the shape of a sample.</summary>
internal static class OnnxLayers
{
    private static readonly long[] Image = [4, 9, 11];
    private static readonly long[] Signal = [4, 13];
    private static readonly long[] Row = [12];

    public static IReadOnlyDictionary<string, (Func<Module<Tensor, Tensor>> Make, long[] Sample)> All { get; } =
        Linears
            .Concat(Convolutions)
            .Concat(Poolings)
            .Concat(Norms)
            .Concat(Pads)
            .Concat(Shapes)
            .Concat(Activations)
            .ToDictionary(entry => entry.Name, entry => (entry.Make, entry.Sample));

    private static IEnumerable<(string Name, Func<Module<Tensor, Tensor>> Make, long[] Sample)> Linears =>
        [
            ("Linear", () => Linear(12, 5), Row),
            ("Linear without bias", () => Linear(12, 5, hasBias: false), Row),
            ("Linear on steps", () => Linear(13, 5), Signal),
            ("Linear on steps without bias", () => Linear(13, 5, hasBias: false), Signal),
        ];

    private static IEnumerable<(string Name, Func<Module<Tensor, Tensor>> Make, long[] Sample)> Convolutions =>
        [
            ("Conv1d", () => Conv1d(4, 6, 3, stride: 2, padding: 1, dilation: 2, groups: 2), Signal),
            ("Conv2d", () => Conv2d(4, 6, (3, 2), stride: (2, 1), padding: (1, 2), dilation: (2, 1)), Image),
            ("Conv2d without bias, by channel", () => Conv2d(4, 8, 3, groups: 4, bias: false), Image),
            ("Conv2d same", () => Conv2d(4, 6, (4, 3), Padding.Same), Image),
            ("Conv2d valid", () => Conv2d(4, 6, 3, Padding.Valid), Image),
            ("Conv2d reflect", () => Conv2d(4, 6, 3, padding: 2, padding_mode: PaddingModes.Reflect), Image),
            ("Conv2d replicate", () => Conv2d(4, 6, 3, padding: 2, padding_mode: PaddingModes.Replicate), Image),
            ("Conv2d circular", () => Conv2d(4, 6, 3, padding: 2, padding_mode: PaddingModes.Circular), Image),
            ("Conv2d same, replicate", () => Conv2d(4, 6, (4, 3), Padding.Same, padding_mode: PaddingModes.Replicate), Image),
            ("Conv3d", () => Conv3d(2, 3, 2, padding: 1), [2, 4, 5, 6]),
            ("ConvTranspose1d", () => ConvTranspose1d(4, 6, 3, stride: 2, padding: 1, output_padding: 1), Signal),
            ("ConvTranspose2d", () => ConvTranspose2d(4, 6, 3, stride: 2, padding: 1, output_padding: 1, groups: 2), Image),
            ("ConvTranspose2d, two output paddings", () => ConvTranspose2d(4, 6, (3, 3), (2, 3), output_padding: (1, 2)), Image),
            ("ConvTranspose3d", () => ConvTranspose3d(2, 3, 2, stride: 2), [2, 3, 4, 5]),
            ("Upsample nearest", () => Upsample(scale_factor: [2, 1.5]), Image),
            ("Upsample to a size", () => Upsample(size: [20, 7]), Image),
            ("Upsample bilinear", () => Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear), Image),
            (
                "Upsample bilinear, corners",
                () => Upsample(size: [17, 30], mode: UpsampleMode.Bilinear, align_corners: true),
                Image
            ),
            ("Upsample bicubic", () => Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bicubic), Image),
            ("Upsample linear", () => Upsample(scale_factor: [2], mode: UpsampleMode.Linear), Signal),
        ];

    private static IEnumerable<(string Name, Func<Module<Tensor, Tensor>> Make, long[] Sample)> Poolings =>
        [
            ("MaxPool1d", () => MaxPool1d(3, stride: 2, padding: 1), Signal),
            ("MaxPool1d, rounded up", () => MaxPool1d(2, stride: 3, ceil_mode: true), Signal),
            ("MaxPool2d", () => MaxPool2d(2), Image),
            ("MaxPool2d, padded and dilated", () => MaxPool2d(3, stride: 1, padding: 1, dilation: 2), Image),
            ("MaxPool2d, rounded up", () => MaxPool2d(2, ceil_mode: true), Image),
            ("MaxPool2d, rounded up and padded", () => MaxPool2d(3, stride: 2, padding: 1, ceil_mode: true), Image),
            ("MaxPool3d", () => MaxPool3d(2), [2, 4, 5, 6]),
            ("AvgPool1d", () => AvgPool1d(3, stride: 2, padding: 1), Signal),
            ("AvgPool2d", () => AvgPool2d(2), Image),
            ("AvgPool2d, padding counts", () => AvgPool2d(3, stride: 2, padding: 1), Image),
            ("AvgPool2d, padding does not count", () => AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false), Image),
            ("AvgPool2d, rounded up", () => AvgPool2d(2, ceil_mode: true), Image),
            ("AvgPool2d, rounded up and padded", () => AvgPool2d(4, stride: 3, padding: 1, ceil_mode: true), Image),
            ("AvgPool2d, own divisor", () => AvgPool2d(3, divisor_override: 5), Image),
            ("AvgPool3d", () => AvgPool3d(2), [2, 4, 5, 6]),
            ("AdaptiveAvgPool1d to 1", () => AdaptiveAvgPool1d(1), Signal),
            ("AdaptiveAvgPool2d to 1", () => AdaptiveAvgPool2d(1), Image),
            ("AdaptiveAvgPool2d", () => AdaptiveAvgPool2d((4, 11)), Image),
            ("AdaptiveMaxPool2d to 1", () => AdaptiveMaxPool2d([1, 1]), Image),
            ("AdaptiveMaxPool2d", () => AdaptiveMaxPool2d([3, 5]), Image),
            ("AdaptiveMaxPool1d", () => AdaptiveMaxPool1d(5), Signal),
        ];

    private static IEnumerable<(string Name, Func<Module<Tensor, Tensor>> Make, long[] Sample)> Norms =>
        [
            ("BatchNorm1d", () => BatchNorm1d(12), Row),
            ("BatchNorm1d on signals", () => BatchNorm1d(4), Signal),
            ("BatchNorm2d", () => BatchNorm2d(4), Image),
            ("BatchNorm2d, plain", () => BatchNorm2d(4, affine: false), Image),
            ("BatchNorm3d", () => BatchNorm3d(2), [2, 4, 5, 6]),
            ("InstanceNorm1d", () => InstanceNorm1d(4), Signal),
            ("InstanceNorm2d", () => InstanceNorm2d(4, affine: true), Image),
            ("InstanceNorm2d, running", () => InstanceNorm2d(4, track_running_stats: true), Image),
            ("LayerNorm", () => LayerNorm(12), Row),
            ("LayerNorm, two dimensions", () => LayerNorm([9, 11], eps: 1e-3), Image),
            ("LayerNorm, plain", () => LayerNorm(13, elementwise_affine: false), Signal),
            ("LayerNorm without bias", () => LayerNorm(13, bias: false), Signal),
            ("GroupNorm", () => GroupNorm(2, 4), Image),
            ("GroupNorm, plain", () => GroupNorm(2, 4, affine: false), Signal),
            ("LocalResponseNorm", () => LocalResponseNorm(3), Image),
        ];

    private static IEnumerable<(string Name, Func<Module<Tensor, Tensor>> Make, long[] Sample)> Pads =>
        [
            ("ZeroPad2d", () => ZeroPad2d((1, 2, 3, 0)), Image),
            ("ConstantPad1d", () => ConstantPad1d(2, 1.5), Signal),
            ("ConstantPad2d, cutting", () => ConstantPad2d((1, -2, 0, 3), -1), Image),
            ("ReflectionPad1d", () => ReflectionPad1d(3), Signal),
            ("ReflectionPad2d", () => ReflectionPad2d((1, 2, 3, 0)), Image),
            ("ReplicationPad2d", () => ReplicationPad2d((1, 2, 3, 0)), Image),
        ];

    private static IEnumerable<(string Name, Func<Module<Tensor, Tensor>> Make, long[] Sample)> Shapes =>
        [
            ("Flatten", () => Flatten(), Image),
            ("Flatten, two dimensions", () => Flatten(2, -1), Image),
            ("Unflatten", () => Unflatten(1, [3, 4]), Row),
            ("Unflatten, one size open", () => Unflatten(1, [2, -1]), Row),
            ("Identity", () => Identity(), Row),
            ("Dropout", () => Dropout(), Row),
            ("Dropout2d", () => Dropout2d(), Image),
            ("AlphaDropout", () => AlphaDropout(), Row),
            ("ChannelShuffle", () => ChannelShuffle(2), Image),
            ("PixelShuffle", () => PixelShuffle(2), Image),
            (
                "Sequential within Sequential",
                () => Sequential(("one", Sequential(Linear(12, 8), ReLU())), ("two", Linear(8, 3))),
                Row
            ),
            ("Sequential of nothing", () => Sequential(), Row),
        ];

    private static IEnumerable<(string Name, Func<Module<Tensor, Tensor>> Make, long[] Sample)> Activations =>
        new (string Name, Func<Module<Tensor, Tensor>> Make)[]
        {
            ("CELU", () => CELU(0.7)),
            ("ELU", () => ELU(0.7)),
            ("GELU", () => GELU()),
            ("GELU by tanh", () => GELU(TorchSharp.Modules.GELU.Approximate.tanh)),
            ("GLU", () => GLU(1)),
            ("Hardshrink", () => Hardshrink(0.3)),
            ("Hardsigmoid", () => Hardsigmoid()),
            ("Hardswish", () => Hardswish()),
            ("Hardtanh", () => Hardtanh(-0.5, 0.7)),
            ("Hardtanh in place", () => Hardtanh(-0.5, 0.7, inplace: true)),
            ("ReLU in place", () => ReLU(inplace: true)),
            ("LeakyReLU", () => LeakyReLU(0.2)),
            ("LogSigmoid", () => LogSigmoid()),
            ("LogSoftmax", () => LogSoftmax(1)),
            ("Mish", () => Mish()),
            ("PReLU", () => PReLU(1, 0.3)),
            ("PReLU by channel", () => PReLU(4, 0.3)),
            ("ReLU", () => ReLU()),
            ("ReLU6", () => ReLU6()),
            ("RReLU", () => RReLU()),
            ("SELU", () => SELU()),
            ("SiLU", () => SiLU()),
            ("Sigmoid", () => Sigmoid()),
            ("Softmax", () => Softmax(1)),
            ("Softmax2d", () => Softmax2d()),
            ("Softmin", () => Softmin(-1)),
            ("Softplus", () => Softplus()),
            ("Softplus with a threshold", () => Softplus(2, 1)),
            ("Softshrink", () => Softshrink(0.3)),
            ("Softsign", () => Softsign()),
            ("Tanh", () => Tanh()),
            ("Tanhshrink", () => Tanhshrink()),
            ("Threshold", () => Threshold(0.2, -1)),
        }.Select(entry => (entry.Name, entry.Make, Image));
}

using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What takes the place of modules' outputs in a pass of <see cref="Attribution.Lrp"/>: the value stays, and value
/// times gradient becomes relevance.</summary>
/// <remarks>A layer's contributions are computed in float64, where the device has it, and without the bias: the difference of two
/// nearly equal float32 numbers would otherwise decide where relevance goes.</remarks>
internal sealed class LrpRules(LrpOptions options)
{
    private readonly List<(ModuleCall Call, Tensor Left)> _absorbed = [];

    /// <summary>For each call with a rule what is left of its output's value when each input got its part.</summary>
    public IReadOnlyList<(ModuleCall Call, Tensor Left)> Absorbed => _absorbed;

    public static bool Covers(nn.Module module) =>
        module is Linear || IsConvolution(module) || IsBatchNorm(module) || ProbedLayers.IsActivation(module);

    public Tensor Replace(ModuleCall call, Tensor input, Tensor output) =>
        call.Module switch
        {
            Linear linear => Layer(call, options.LinearRule, input, output, linear.weight!, Apply),
            Convolution conv when IsConvolution(conv) => Layer(
                call,
                options.ConvolutionRule,
                input,
                output,
                conv.weight,
                (values, weight) => Convolved(conv, values, weight)
            ),
            ReLU => output,
            var module when IsBatchNorm(module) || ProbedLayers.IsActivation(module) => Through(call, input, output, 0),
            _ => output,
        };

    private static bool IsConvolution(nn.Module module) => module is Conv1d or Conv2d or Conv3d;

    private static bool IsBatchNorm(nn.Module module) => module is BatchNorm1d or BatchNorm2d or BatchNorm3d;

    private Tensor Layer(
        ModuleCall call,
        LrpRule rule,
        Tensor input,
        Tensor output,
        Tensor weight,
        Func<Tensor, Tensor, Tensor> apply
    )
    {
        var exact = Exact(input);
        weight = Exact(weight.detach());
        var (positive, negative) = (exact.relu(), -(-exact).relu());
        var (up, down) = (weight.relu(), -(-weight).relu());
        switch (rule)
        {
            case LrpRule.ZPlus:
                return Through(call, apply(positive, up) + apply(negative, down), output, 0);
            case LrpRule.Gamma:
                var (more, less) = (weight + (up * options.Gamma), weight + (down * options.Gamma));
                var agreeing = apply(positive, more) + apply(negative, less);
                var opposed = apply(positive, less) + apply(negative, more);
                return Through(call, where(apply(exact.detach(), weight).gt(Scalars.Zero), agreeing, opposed), output, 0);
            default:
                return Through(call, apply(exact, weight), output, options.Epsilon);
        }
    }

    /// <summary>In float64; Apple's GPUs have none.</summary>
    private static Tensor Exact(Tensor values) =>
        values.device_type == DeviceType.MPS ? values : values.to_type(ScalarType.Float64);

    private static Tensor Apply(Tensor values, Tensor weight) => values.matmul(weight.t());

    private static Tensor Convolved(Convolution conv, Tensor values, Tensor weight)
    {
        var padded = nn.functional.pad(
            values,
            Padding(conv),
            conv.padding_mode == PaddingModes.Zeros ? PaddingModes.Constant : conv.padding_mode
        );
        return conv.kernel_size.Length switch
        {
            1 => nn.functional.conv1d(padded, weight, null, conv.stride[0], 0, conv.dilation[0], conv.groups),
            2 => nn.functional.conv2d(padded, weight, null, conv.stride, [0, 0], conv.dilation, conv.groups),
            _ => nn.functional.conv3d(padded, weight, null, conv.stride, [0, 0, 0], conv.dilation, conv.groups),
        };
    }

    /// <summary>Before and after each axis, the last axis first.</summary>
    private static long[] Padding(Convolution conv)
    {
        var sides = new List<long>();
        for (int axis = conv.kernel_size.Length - 1; axis >= 0; axis--)
        {
            long all = conv.padding_type == TorchSharp.Padding.Same ? conv.dilation[axis] * (conv.kernel_size[axis] - 1) : 0;
            long each = conv.padding is null ? all / 2 : conv.padding[axis];
            sides.AddRange([each, conv.padding is null ? all - each : each]);
        }

        return [.. sides];
    }

    /// <summary>The output's value, with the gradient of <paramref name="sum"/> times their ratio; none where the sum is
    /// zero.</summary>
    private Tensor Through(ModuleCall call, Tensor sum, Tensor output, double epsilon)
    {
        var value = sum.detach();
        var whole = output.detach().to_type(value.dtype);
        var none = value.eq(Scalars.Zero);
        var ratio = where(none, zeros_like(value), whole / where(none, ones_like(value), value + (value.sign() * epsilon)));
        _absorbed.Add((call, (whole - (value * ratio)).DetachFromDisposeScope()));
        return output.detach() + ((sum - value) * ratio).to_type(output.dtype);
    }
}

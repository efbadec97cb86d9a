using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What takes the place of modules' outputs in a pass of <see cref="Attribution.Lrp"/>: the value stays, and value
/// times gradient becomes relevance.</summary>
internal sealed class LrpRules(LrpOptions options)
{
    public static bool Covers(nn.Module module) =>
        module is Linear || IsConvolution(module) || IsBatchNorm(module) || ProbedLayers.IsActivation(module);

    public Tensor Replace(ModuleCall call, Tensor input, Tensor output) =>
        call.Module switch
        {
            Linear linear => Layer(options.LinearRule, input, output, linear.bias, 1, linear.weight!, Apply),
            Convolution conv when IsConvolution(conv) => Layer(
                options.ConvolutionRule,
                input,
                output,
                conv.bias,
                conv.kernel_size.Length,
                conv.weight,
                (values, weight) => Convolved(conv, values, weight)
            ),
            ReLU => output,
            var module when IsBatchNorm(module) || ProbedLayers.IsActivation(module) => Through(input, output, 0),
            _ => output,
        };

    private static bool IsConvolution(nn.Module module) => module is Conv1d or Conv2d or Conv3d;

    private static bool IsBatchNorm(nn.Module module) => module is BatchNorm1d or BatchNorm2d or BatchNorm3d;

    private Tensor Layer(
        LrpRule rule,
        Tensor input,
        Tensor output,
        Tensor? bias,
        int trailing,
        Tensor weight,
        Func<Tensor, Tensor, Tensor> apply
    )
    {
        var (positive, negative) = (input.relu(), -(-input).relu());
        var (up, down) = (weight.detach().relu(), -(-weight.detach()).relu());
        switch (rule)
        {
            case LrpRule.ZPlus:
                return Through(apply(positive, up) + apply(negative, down), output, 0);
            case LrpRule.Gamma:
                var (more, less) = (weight.detach() + (up * options.Gamma), weight.detach() + (down * options.Gamma));
                var agreeing = apply(positive, more) + apply(negative, less);
                var opposed = apply(positive, less) + apply(negative, more);
                return Through(where(apply(input.detach(), weight.detach()).gt(0), agreeing, opposed), output, 0);
            default:
                return Through(bias is null ? output : output - Spread(bias.detach(), trailing, weight), output, options.Epsilon);
        }
    }

    /// <summary>A bias in the shape of the layer's output, but for the batch.</summary>
    private static Tensor Spread(Tensor bias, int trailing, Tensor weight) =>
        weight.dim() == 2 ? bias : bias.reshape([bias.size(0), .. Enumerable.Repeat(1L, trailing)]);

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
    private static Tensor Through(Tensor sum, Tensor output, double epsilon)
    {
        var value = sum.detach();
        var none = value.eq(0);
        var ratio = where(
            none,
            zeros_like(value),
            output.detach() / where(none, ones_like(value), value + (value.sign() * epsilon))
        );
        return output.detach() + ((sum - value) * ratio);
    }
}

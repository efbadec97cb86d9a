using TorchSharp.Modules;
using VisionSeqModels.Kernels;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>The rescale rule: what takes the place of the outputs of activations and of max pooling, in a pass whose second
/// half of samples are the references of the first. Values stay; gradients become multipliers.</summary>
internal static class DeepLiftRule
{
    private const double Near = 1e-6; // a smaller difference says nothing: the gradient is its limit

    public static bool Covers(nn.Module module) =>
        ProbedLayers.IsActivation(module) || module is MaxPool1d or MaxPool2d or AdaptiveMaxPool2d or MaxPool2x2;

    public static Tensor Replace(ModuleCall call, Tensor input, Tensor output)
    {
        if (!Covers(call.Module) || input.size(0) % 2 != 0)
        {
            return output;
        }

        long half = input.size(0) / 2;
        var (x, reference) = (input.narrow(0, 0, half), input.narrow(0, half, half));
        var (y, before) = (output.narrow(0, 0, half), output.narrow(0, half, half).detach());
        var rise = (x - reference).detach();
        var ruled = ProbedLayers.IsActivation(call.Module)
            ? Rescaled(x, rise, y, before)
            : Pooled(x, rise, y.detach() - before, y.detach(), Places(call.Module, input.detach()));
        return cat([ruled, before]);
    }

    /// <summary>An activation: the ratio of the differences, the gradient where there is none.</summary>
    private static Tensor Rescaled(Tensor x, Tensor rise, Tensor y, Tensor before)
    {
        var near = rise.abs().le(Scalars.Of(Near));
        var ratio = where(near, zeros_like(rise), (y.detach() - before) / where(near, ones_like(rise), rise));
        return where(near, y, y.detach() + ((x - x.detach()) * ratio));
    }

    /// <summary>Max pooling: a rise is that of the image's largest value, a fall that of the reference's.</summary>
    private static Tensor Pooled(Tensor x, Tensor rise, Tensor risen, Tensor y, Tensor places)
    {
        var (largest, before) = (places.narrow(0, 0, x.size(0)), places.narrow(0, x.size(0), x.size(0)));
        var free = x - x.detach();
        var up = At(rise, largest);
        var near = up.abs().le(Scalars.Of(Near));
        var atLargest = where(near, ones_like(up), risen.relu() / where(near, ones_like(up), up));
        var falls = risen.lt(Scalars.Zero);
        var atBefore = where(falls, risen / where(falls, At(rise, before), ones_like(up)), zeros_like(up));
        return y + (At(free, largest) * atLargest) + (At(free, before) * atBefore);
    }

    private static Tensor At(Tensor values, Tensor places) =>
        values.flatten(2).gather(2, places.flatten(2)).reshape(places.shape);

    /// <summary>Where in its map each of the largest values is.</summary>
    private static Tensor Places(nn.Module module, Tensor input) =>
        module switch
        {
            MaxPool1d pool => pool.forward_with_indices(input).Item2,
            MaxPool2d pool => pool.forward_with_indices(input).Item2,
            AdaptiveMaxPool2d pool => pool.forward_with_indices(input).Item2,
            _ => nn.functional.max_pool2d_with_indices(input, [MaxPool2x2.BlockSize, MaxPool2x2.BlockSize]).indices,
        };
}

using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Random numbers on the device of the images, by that device's generator: nothing comes from the host. The trainer
/// seeds both the CPU's generator and the GPU's before every step, so a seed gives the same numbers each time on the same kind
/// of device. Results belong to the current dispose scope.</summary>
internal static class DeviceDraws
{
    /// <summary>From 0 to 1.</summary>
    public static Tensor Unit(Device device, params long[] shape) => Draw(device, where => rand(shape, device: where));

    /// <summary>Normally distributed.</summary>
    public static Tensor Normal(Device device, params long[] shape) => Draw(device, where => randn(shape, device: where));

    /// <summary>From low to high, <c>[batch]</c>.</summary>
    public static Tensor Uniform(Tensor images, double low, double high) =>
        Unit(images.device, images.size(0)).mul(Scalars.Of(high - low)).Plus(Scalars.Of(low));

    /// <summary>Whole numbers from low to below high, int64.</summary>
    public static Tensor Whole(Device device, long low, long high, params long[] shape) =>
        Draw(device, where => randint(low, high, shape, dtype: ScalarType.Int64, device: where));

    /// <summary>The numbers from 0 to count − 1 in random order, int64.</summary>
    public static Tensor Order(Device device, long count) => Draw(device, where => randperm(count, device: where));

    /// <summary>A number of the distribution Beta(alpha, alpha), without dimensions.</summary>
    public static Tensor Beta(Device device, double alpha) =>
        // of two numbers Dirichlet's distribution is Beta
        Draw(device, where => _sample_dirichlet(full([2], Scalars.Of((float)alpha), device: where))[0]);

    /// <summary>Apple's GPUs have a generator that TorchSharp cannot seed: the CPU draws for them.</summary>
    private static Tensor Draw(Device device, Func<Device, Tensor> draw) =>
        device.type == DeviceType.MPS ? draw(CPU).to(device) : draw(device);
}

using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Devices by their names.</summary>
public static class Devices
{
    /// <summary>Finds a device.</summary>
    /// <param name="name"><c>auto</c> (a CUDA GPU where there is one, else the CPU), <c>cpu</c>, <c>cuda</c>,
    /// <c>cuda:1</c>, <c>mps</c>.</param>
    /// <exception cref="ArgumentException">The name is none of these, or the device does not exist; the message lists the
    /// devices.</exception>
    /// <exception cref="TorchBackendException">libtorch cannot be used.</exception>
    public static Device Resolve(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        TorchRuntime.EnsureAvailable();
        string[] parts = name.Trim().ToLowerInvariant().Split(':');
        return parts switch
        {
            ["auto"] => cuda.is_available() ? CUDA : CPU,
            ["cpu"] => CPU,
            ["cuda"] => Cuda(name, 0),
            ["cuda", var index] when int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number) => Cuda(
                name,
                number
            ),
            ["mps"] => mps_is_available() ? MPS : throw Missing(name, "MPS needs a Mac with an Apple GPU."),
            _ => throw new ArgumentException($"The device must be auto, cpu, cuda, cuda:N or mps, but is '{name}'."),
        };
    }

    private static Device Cuda(string name, int index) =>
        cuda.is_available() && index < cuda.device_count()
            ? new Device(DeviceType.CUDA, index)
            : throw Missing(name, "For an NVIDIA GPU the application needs a TorchSharp-cuda package and a driver.");

    private static ArgumentException Missing(string name, string advice)
    {
        int count = cuda.is_available() ? cuda.device_count() : 0;
        string there = count > 0 ? $"{count} CUDA device(s) and the CPU" : "the CPU alone";
        return new ArgumentException($"The device '{name}' is not there: libtorch finds {there}. {advice}");
    }
}

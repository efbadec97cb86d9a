using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>
/// Makes the randomness within a step (dropout) a function of run seed, epoch and step, rather than a state that runs on: a resumed
/// or repeated run draws the same numbers without any state to be saved.
/// </summary>
internal static class StepSeed
{
    public static void Apply(long seed, int epoch, int stepInEpoch, Device device)
    {
        long value = Of(seed, epoch, stepInEpoch);
        manual_seed(value); // the CPU's generator only, unlike PyTorch's function of that name
        if (device.type == DeviceType.CUDA)
        {
            cuda.manual_seed_all(value);
        }
    }

    public static long Of(long seed, int epoch, int stepInEpoch) =>
        (long)(Mix(Mix((ulong)seed) ^ (((ulong)(uint)epoch << 32) | (uint)stepInEpoch)) >> 1);

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014): neighbouring inputs give unrelated outputs.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

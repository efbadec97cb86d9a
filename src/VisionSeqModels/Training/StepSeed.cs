using TorchSharp;
using VisionSeqModels.Runtime;
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
        GlobalGenerator.Seed(value);
        if (device.type == DeviceType.CUDA)
        {
            cuda.manual_seed_all(value);
        }
    }

    public static long Of(long seed, int epoch, int stepInEpoch) =>
        (long)(SplitMix.Mix(SplitMix.Mix((ulong)seed) ^ (((ulong)(uint)epoch << 32) | (uint)stepInEpoch)) >> 1);
}

using VisionSeqModels.Core;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Makes the randomness within a step (dropout) a function of run seed, epoch and step. A resumed or repeated run
/// draws the same numbers without any saved state.</summary>
internal static class StepSeed
{
    /// <summary>Seeds a step. If the step may draw, no other thread draws until the lease ends.</summary>
    public static GlobalGenerator.Lease Begin(long seed, int epoch, int stepInEpoch, Device device, bool draws) =>
        GlobalGenerator.Acquire(Of(seed, epoch, stepInEpoch), device, draws);

    /// <summary>Seeds a shard of a step, with numbers of its own.</summary>
    public static GlobalGenerator.Lease Begin(long seed, int epoch, int stepInEpoch, int shard, Device device, bool draws) =>
        GlobalGenerator.Acquire(Of(Of(seed, epoch, stepInEpoch), shard, 0), device, draws);

    public static long Of(long seed, int epoch, int stepInEpoch) =>
        (long)(SplitMix.Mix(SplitMix.Mix((ulong)seed) ^ (((ulong)(uint)epoch << 32) | (uint)stepInEpoch)) >> 1);
}

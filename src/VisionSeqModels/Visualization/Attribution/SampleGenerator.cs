using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>A random generator for each sample, so that what is drawn for it is the same in any batch.</summary>
internal static class SampleGenerator
{
    /// <param name="seed">The seed of the view.</param>
    /// <param name="index">The sample's place, from 0.</param>
    /// <returns>The generator; the caller disposes it.</returns>
    public static Generator Of(long seed, long index) => new(SplitMix.Mix(SplitMix.Mix((ulong)seed) + (ulong)index));
}

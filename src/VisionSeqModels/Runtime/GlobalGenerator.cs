using static TorchSharp.torch;

namespace VisionSeqModels.Runtime;

/// <summary>libtorch's random generator of the CPU. There is one for the whole process, so whoever seeds it must not cross another thread's way.</summary>
internal static class GlobalGenerator
{
    private static readonly Lock Seeding = new();

    /// <summary>Seeds the CPU's generator only, unlike PyTorch's function.</summary>
    public static void Seed(long seed)
    {
        lock (Seeding)
        {
            manual_seed(seed);
        }
    }

    /// <summary>Draws something with a seed of its own, and leaves the generator as it was.</summary>
    public static T WithSeed<T>(long seed, Func<T> draw)
    {
        lock (Seeding)
        {
            using var before = get_rng_state();
            try
            {
                manual_seed(seed);
                return draw();
            }
            finally
            {
                set_rng_state(before);
            }
        }
    }
}

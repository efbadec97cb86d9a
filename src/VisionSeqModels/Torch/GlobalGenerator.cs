using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>libtorch's random generator of the CPU. There is one for the whole process, so whoever draws from it must not
/// cross another thread's way.</summary>
internal static class GlobalGenerator
{
    private static readonly Lock Own = new();

    /// <summary>Seeds the generator of the CPU, and of the GPU where that is the device; keeps other threads from it until
    /// the turn ends.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="device">Where numbers are drawn.</param>
    /// <param name="draws">False where nothing will be drawn: then others need not wait.</param>
    public static Lease Acquire(long seed, Device device, bool draws)
    {
        Own.Enter();
        manual_seed(seed); // the CPU's only, unlike PyTorch's function
        if (device.type == DeviceType.CUDA)
        {
            cuda.manual_seed_all(seed);
        }

        return Keep(draws);
    }

    /// <summary>Keeps other threads from the generator until the turn ends.</summary>
    /// <param name="draws">False where nothing will be drawn: then nobody waits.</param>
    public static Lease Acquire(bool draws)
    {
        Own.Enter();
        return Keep(draws);
    }

    /// <summary>Draws something with a seed of its own, and leaves the generator as it was.</summary>
    public static T WithSeed<T>(long seed, Func<T> draw)
    {
        lock (Own)
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

    private static Lease Keep(bool draws)
    {
        if (!draws)
        {
            Own.Exit();
        }

        return new Lease(draws);
    }

    /// <summary>A time in which no other thread seeds the generator or draws from it.</summary>
    public readonly struct Lease(bool taken) : IDisposable
    {
        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            if (taken)
            {
                Own.Exit();
            }
        }
    }
}

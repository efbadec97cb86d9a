using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>libtorch's random generator of the CPU. The whole process has one, so only one thread at a time may draw from
/// it.</summary>
internal static class GlobalGenerator
{
    private static readonly Lock Own = new();

    /// <summary>Seeds the generator of the CPU, and of the GPU if that is the device. Other threads wait for it until the
    /// lease ends.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="device">Where numbers are drawn.</param>
    /// <param name="draws">False if nothing will be drawn: then no other thread waits.</param>
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

    /// <summary>Makes other threads wait for the generator until the lease ends.</summary>
    /// <param name="draws">False if nothing will be drawn: then no other thread waits.</param>
    public static Lease Acquire(bool draws)
    {
        Own.Enter();
        return Keep(draws);
    }

    /// <summary>Draws with a seed of its own, and leaves the generator as it was.</summary>
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

    /// <summary>Seeds the generator of the CPU, and of the GPU where that is the device, for somebody who may draw from it.
    /// Other threads wait. At the end the CPU's generator is as it was, so that the draws change nothing for
    /// others.</summary>
    public static Loan Borrow(long seed, Device device)
    {
        Own.Enter();
        try
        {
            var before = get_rng_state().DetachFromDisposeScope();
            manual_seed(seed);
            if (device.type == DeviceType.CUDA)
            {
                cuda.manual_seed_all(seed); // each step seeds it again
            }

            return new Loan(before);
        }
        catch
        {
            Own.Exit();
            throw;
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

    /// <summary>A lease that puts the CPU's generator back; the default is of nothing.</summary>
    public readonly struct Loan(Tensor before) : IDisposable
    {
        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            if (before is null)
            {
                return;
            }

            try
            {
                set_rng_state(before);
            }
            finally
            {
                before.Dispose();
                Own.Exit();
            }
        }
    }
}

using System.Runtime;

namespace VisionSeqModels.Torch;

/// <summary>The place between two steps, where the garbage collector may run: no call of libtorch is under way.</summary>
/// <remarks>
/// TorchSharp's operators make a <c>Scalar</c> that nothing holds while libtorch reads it (see <see cref="Scalars"/>), and a
/// user's module writes <c>x + y</c> too. A collection in that moment frees it too early. The collector runs by itself when
/// its budget is used up, which is some megabytes. So the loops let it run here, before that. What the thread has allocated
/// within one step decides nothing: a step that allocates more than the budget still meets a collection.
/// </remarks>
internal static class CollectionPoint
{
    /// <summary>What a thread may allocate between two collections: below the collector's own budget on most machines.
    /// </summary>
    public const long Budget = 1 << 20;

    /// <summary>What this thread had allocated when it last saw a collection.</summary>
    [ThreadStatic]
    private static long _allocated;

    /// <summary>How many collections there had been.</summary>
    [ThreadStatic]
    private static int _seen;

    /// <summary>Collects what is young where this thread has allocated more than <see cref="Budget"/> since any
    /// collection.</summary>
    public static void Pass()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        bool isCollected = GC.CollectionCount(0) != _seen; // by another thread, or within the step
        if (!isCollected && allocated - _allocated <= Budget)
        {
            return;
        }

        if (!isCollected && GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) // which a collection would end
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        }

        (_allocated, _seen) = (allocated, GC.CollectionCount(0));
    }
}

using VisionSeqModels.Core;

namespace VisionSeqModels.Training;

/// <summary>Seeds for what callbacks draw: a function of run seed, epoch, step, callback and hook, the same in every process,
/// so that a resumed run draws what a run in one piece draws.</summary>
internal static class HookSeed
{
    /// <summary>What distinguishes a callback from the others of its run: its type and which one of that type it is.</summary>
    public static ulong OfCallback(Type type, int number) => SplitMix.Mix(Hash(type.FullName ?? type.Name) + (ulong)number);

    public static ulong OfHook(ulong callback, string hook) => SplitMix.Mix(callback ^ Hash(hook));

    /// <param name="hook">What <see cref="OfHook"/> gave.</param>
    /// <param name="run">The run's seed.</param>
    /// <param name="epoch">The epoch, from 1; 0 before the first.</param>
    /// <param name="step">Steps done in the run.</param>
    /// <param name="stream">Which stream of numbers at this place.</param>
    public static ulong Of(ulong hook, long run, int epoch, long step, int stream)
    {
        ulong place = SplitMix.Mix(SplitMix.Mix((ulong)run ^ hook) + (ulong)step);
        return SplitMix.Mix(place ^ (((ulong)(uint)epoch << 32) | (uint)stream)) >> 1;
    }

    // FNV-1a: .NET's own hash of a text differs from process to process
    private static ulong Hash(string text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in text)
        {
            hash = unchecked((hash ^ letter) * 0x100000001B3);
        }

        return hash;
    }
}

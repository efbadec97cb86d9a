namespace VisionSeqModels.Core;

/// <summary>A small random generator whose numbers are the same in every .NET version and on every system.</summary>
/// <remarks>SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).</remarks>
internal struct SplitMix(ulong state)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>Neighbouring inputs give unrelated outputs.</summary>
    public static ulong Mix(ulong value)
    {
        value += Step;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    public ulong Next()
    {
        ulong value = Mix(state);
        state += Step;
        return value;
    }

    /// <summary>A whole number from 0 to <paramref name="limit"/> − 1.</summary>
    // the bias is at most limit / 2^64
    public int Below(int limit) => (int)(((UInt128)Next() * (ulong)limit) >> 64);

    /// <summary>A number of at least 0 and below 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + ((high - low) * Unit());
}

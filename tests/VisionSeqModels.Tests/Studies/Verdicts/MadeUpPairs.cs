using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Comparisons in memory.</summary>
internal static class MadeUpPairs
{
    /// <summary>One that shows nothing.</summary>
    public static JudgedPairs Open { get; } =
        new()
        {
            Sample = new PairedSample([1, 2, 3]),
            P = 0.2,
            EquivalenceP = 0.3,
            Margin = 0.5,
            Comparisons = 1,
            AllPairs = 3,
            PairOf = "seed",
            PairsPerSeed = 1,
        };
}

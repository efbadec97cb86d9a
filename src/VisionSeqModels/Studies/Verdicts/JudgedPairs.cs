namespace VisionSeqModels.Studies;

/// <summary>A comparison within a family of comparisons: its pairs, with p-values corrected for the family's size.</summary>
internal sealed record JudgedPairs
{
    public required PairedSample Sample { get; init; }

    /// <summary>The p-value of a difference, corrected; null for fewer than two pairs.</summary>
    public required double? P { get; init; }

    /// <summary>The p-value of a difference as large as the margin, corrected; null for fewer than two pairs.</summary>
    public required double? EquivalenceP { get; init; }

    public required double Margin { get; init; }

    /// <summary>How many comparisons the family has.</summary>
    public required int Comparisons { get; init; }

    /// <summary>How many pairs there are, with those that lack a result.</summary>
    public required int AllPairs { get; init; }

    /// <summary>What the pairs are pairs of.</summary>
    public required string PairOf { get; init; }

    /// <summary>How many pairs one more seed brings.</summary>
    public required int PairsPerSeed { get; init; }

    public bool IsDifferent => P < MetricFormat.Level;

    public bool IsEquivalent => EquivalenceP < MetricFormat.Level;

    /// <summary>See <see cref="FactorVerdict.SeedsToDecide"/>.</summary>
    public int? SeedsToDecide =>
        !IsDifferent && !IsEquivalent && Sample.Count > 1
            ? DecisionPower.Pairs(Sample, Margin, MetricFormat.Level / Comparisons, PairsPerSeed) / PairsPerSeed
            : null;

    /// <summary>Corrects p-values for all that a study compares.</summary>
    public static IReadOnlyList<JudgedPairs> Family(
        StudySummary summary,
        IReadOnlyList<(PairedSample Sample, int AllPairs)> comparisons
    )
    {
        double margin = summary.File.EquivalenceMargin ?? (StudyOptions.RelativeMargin * Math.Abs(summary.First.Final.Mean ?? 0));
        int[] tested = [.. Enumerable.Range(0, comparisons.Count).Where(i => comparisons[i].Sample.Count > 1)];
        double[] differ = Holm.Adjust([.. tested.Select(i => comparisons[i].Sample.P!.Value)]),
            equal = Holm.Adjust([.. tested.Select(i => comparisons[i].Sample.EquivalenceP(margin)!.Value)]);
        return
        [
            .. comparisons.Select(
                (comparison, i) =>
                {
                    int test = Array.IndexOf(tested, i);
                    return new JudgedPairs
                    {
                        Sample = comparison.Sample,
                        P = test < 0 ? null : differ[test],
                        EquivalenceP = test < 0 ? null : equal[test],
                        Margin = margin,
                        Comparisons = tested.Length,
                        AllPairs = comparison.AllPairs,
                        PairOf =
                            summary.FoldCount == 0 ? "seed"
                            : summary.SeedCount == 1 ? "fold"
                            : "seed and fold",
                        PairsPerSeed = Math.Max(1, summary.FoldCount),
                    };
                }
            ),
        ];
    }
}

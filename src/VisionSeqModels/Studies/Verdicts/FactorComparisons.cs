namespace VisionSeqModels.Studies;

/// <summary>Compares the base with each setting that differs from it in one factor.</summary>
internal static class FactorComparisons
{
    public static IReadOnlyList<FactorVerdict> Of(StudySummary summary)
    {
        if (StudyDesign.Of(summary) != StudyDesignKind.Comparisons)
        {
            return [];
        }

        var study = summary.File;
        var (first, pairsPerSeed) = (summary.First, Math.Max(1, summary.FoldCount));
        var others = (
            from setting in summary.Planned
            where setting != first
            let factors = StudyDesign.DifferingFactors(first, setting)
            where factors.Count == 1
            let pairs = MatchedTrials.Of(first, setting, study)
            let margin = study.EquivalenceMargin ?? (StudyOptions.RelativeMargin * Math.Abs(first.Final.Mean ?? 0))
            select (Setting: setting, Factor: factors[0], Pairs: pairs, Margin: margin)
        ).ToList();
        var tested = others.FindAll(other => other.Pairs.Sample.Count > 1);
        double[] differ = Holm.Adjust([.. tested.Select(other => other.Pairs.Sample.P!.Value)]),
            equal = Holm.Adjust([.. tested.Select(other => other.Pairs.Sample.EquivalenceP(other.Margin)!.Value)]);
        return
        [
            .. others.Select(other =>
            {
                int test = tested.IndexOf(other);
                var (p, equivalenceP) = test < 0 ? ((double?)null, (double?)null) : (differ[test], equal[test]);
                var pairs = other.Pairs;
                return new FactorVerdict(pairs.Sample, pairsPerSeed)
                {
                    Factor = other.Factor,
                    Value = other.Setting.Trials[0].Factors.GetValueOrDefault(other.Factor, ""),
                    BaseValue = first.Trials[0].Factors.GetValueOrDefault(other.Factor, ""),
                    Setting = other.Setting.Name,
                    Metric = study.Monitor,
                    Verdict = Judge(pairs.Sample.Mean, p, equivalenceP, study.HigherIsBetter),
                    Mean = pairs.Mean,
                    BaseMean = pairs.BaseMean,
                    CorrectedP = p,
                    CorrectedEquivalenceP = equivalenceP,
                    Margin = other.Margin,
                    Comparisons = tested.Count,
                    AllPairs = pairs.AllPairs,
                    LeftOut = [.. pairs.WithoutResult.Select(summary.NameWithOutcome)],
                    PairOf =
                        summary.FoldCount == 0 ? "seed"
                        : summary.SeedCount == 1 ? "fold"
                        : "seed and fold",
                };
            }),
        ];
    }

    private static Verdict Judge(double difference, double? p, double? equivalenceP, bool higherIsBetter) =>
        p < MetricFormat.Level ? (difference > 0 == higherIsBetter ? Verdict.Better : Verdict.Worse)
        : equivalenceP < MetricFormat.Level ? Verdict.Equivalent
        : Verdict.Undecided;
}

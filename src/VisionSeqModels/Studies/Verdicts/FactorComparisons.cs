namespace VisionSeqModels.Studies;

/// <summary>Compares the base with each setting that differs from it in one factor.</summary>
internal static class FactorComparisons
{
    public static IReadOnlyList<FactorVerdict> Of(StudySummary summary)
    {
        var first = summary.First;
        var others = (
            from setting in summary.Planned
            where setting != first
            let factors = StudyDesign.DifferingFactors(first, setting)
            where factors.Count == 1
            select (Setting: setting, Factor: factors[0], Pairs: MatchedTrials.Of(first, setting, summary.File))
        ).ToList();
        var judged = JudgedPairs.Family(summary, [.. others.Select(other => (other.Pairs.Sample, other.Pairs.AllPairs))]);
        return
        [
            .. others.Select(
                (other, i) =>
                    new FactorVerdict(judged[i], summary.File.HigherIsBetter)
                    {
                        Factor = other.Factor,
                        Value = other.Setting.Trials[0].Factors.GetValueOrDefault(other.Factor, ""),
                        BaseValue = first.Trials[0].Factors.GetValueOrDefault(other.Factor, ""),
                        Setting = other.Setting.Name,
                        Metric = summary.File.Monitor,
                        Mean = other.Pairs.Mean,
                        BaseMean = other.Pairs.BaseMean,
                        LeftOut = [.. other.Pairs.WithoutResult.Select(summary.NameWithOutcome)],
                    }
            ),
        ];
    }
}

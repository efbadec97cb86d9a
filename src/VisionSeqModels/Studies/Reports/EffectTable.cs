namespace VisionSeqModels.Studies;

/// <summary>A grid's main effects and interactions as a table.</summary>
internal sealed class EffectTable(StudyConclusion conclusion)
{
    public IReadOnlyList<string> Columns { get; } = ["effect", "of", "difference", "95 % interval", "p, corrected", "verdict"];

    /// <summary>Main effects, then interactions; none where the study is no grid.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cells { get; } =
        conclusion.Maps.Count == 0
            ? []
            :
            [
                .. conclusion.Factors.Select(factor =>
                    Row(
                        factor.Factor,
                        $"{factor.Value} against {factor.BaseValue}",
                        factor.Judged,
                        Math.Max(Math.Abs(factor.Mean ?? 0), Math.Abs(factor.BaseMean ?? 0)),
                        factor.Verdict switch
                        {
                            Verdict.Better => "better",
                            Verdict.Worse => "worse",
                            Verdict.Equivalent => $"no difference larger than {MetricFormat.Margin(factor.Margin)}",
                            _ => "undecided",
                        }
                    )
                ),
                .. conclusion.Interactions.Select(pair =>
                    Row(
                        $"{pair.Factor} × {pair.OtherFactor}",
                        $"{pair.Value} with {pair.OtherValue}",
                        pair.Judged,
                        pair.Scale,
                        pair.Exists switch
                        {
                            true => "they interact",
                            false => $"none larger than {MetricFormat.Margin(pair.Judged.Margin)}",
                            null => "undecided",
                        }
                    )
                ),
            ];

    private static IReadOnlyList<string> Row(string effect, string of, JudgedPairs pairs, double scale, string verdict)
    {
        string format = MetricFormat.Of(scale);
        return
        [
            effect,
            of,
            pairs.Sample.Count == 0 ? "" : MetricFormat.Difference(pairs.Sample.Mean, format),
            pairs.Sample.Interval is (double low, double high)
                ? $"{MetricFormat.Difference(low, format)} to {MetricFormat.Difference(high, format)}"
                : "",
            pairs.P is double p ? MetricFormat.P(p) : "",
            verdict,
        ];
    }
}

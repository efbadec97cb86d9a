namespace VisionSeqModels.Studies;

/// <summary>What a study found, in sentences that its numbers support; the report, the terminal and programs print the
/// same.</summary>
public sealed class StudyConclusion
{
    internal StudyConclusion(StudySummary summary)
    {
        var design = StudyDesign.Of(summary);
        var grid = design == StudyDesignKind.Grid ? new GridEffects(summary) : null;
        Factors = design == StudyDesignKind.Comparisons ? FactorComparisons.Of(summary) : grid?.Factors ?? [];
        Interactions = grid?.Interactions ?? [];
        Maps = grid?.Maps ?? [];
        var claims = Factors.Select(factor => factor.CorrectedP).Concat(Interactions.Select(pair => pair.CorrectedP));
        BestSetting = new BestSetting(summary, claims.OfType<double>().DefaultIfEmpty(0).Min());
        Best = BestSetting.Sentence;
        Importance = design == StudyDesignKind.Sampled ? SearchImportance.Of(summary) : null;
        Coordinates = design == StudyDesignKind.Sampled ? ParallelCoordinates.Of(summary) : null;
        Method = ConclusionMethod.Text(summary, Factors);
    }

    /// <summary>Which setting is best, and whether that is more than chance.</summary>
    public string Best { get; }

    /// <summary>The base against each value of each factor, in the order of the plan. Plans that vary one factor at a time,
    /// lists and grids have them. A list's first setting is the base; a grid's values are averaged over the other
    /// factors.</summary>
    public IReadOnlyList<FactorVerdict> Factors { get; }

    /// <summary>For grids: what two values of two factors bring together; else none.</summary>
    public IReadOnlyList<InteractionVerdict> Interactions { get; }

    /// <summary>For random settings and other searches, from ten with a result on: which factors matter; else
    /// null.</summary>
    public SearchImportance? Importance { get; }

    /// <summary>How the verdicts came about: tests, correction, margin. Empty where there is none.</summary>
    public string Method { get; }

    /// <summary>All sentences, the best setting first.</summary>
    public IReadOnlyList<string> Sentences => [Best, .. FactorSentences];

    internal BestSetting BestSetting { get; }

    /// <summary>For grids the means by each two factors, to draw as heat maps.</summary>
    internal IReadOnlyList<GridMap> Maps { get; }

    /// <summary>For searches the settings as lines across axes; else null.</summary>
    internal ParallelCoordinates? Coordinates { get; }

    /// <summary>What each factor does. Interactions that are not shown are counted, not listed.</summary>
    internal IReadOnlyList<string> FactorSentences =>
        [
            .. Factors.Select(factor => factor.Sentence),
            .. Interactions.Where(pair => pair.Exists == true).Select(pair => pair.Sentence),
            .. OtherInteractions,
            .. Importance is null ? (IEnumerable<string>)[] : [Importance.Sentence],
        ];

    private IEnumerable<string> OtherInteractions
    {
        get
        {
            int undecided = Interactions.Count(pair => pair.Exists is null && pair.CorrectedP is not null),
                small = Interactions.Count(pair => pair.Exists == false);
            if (undecided + small > 0)
            {
                string margin = MetricFormat.Margin(Interactions[0].Judged.Margin);
                string other = Interactions.Any(pair => pair.Exists == true) ? "other " : "";
                yield return $"No {other}interaction of two values is shown: {undecided} undecided, {small} not larger than "
                    + $"{margin}.";
            }
        }
    }

    /// <summary>All sentences, a line each.</summary>
    public override string ToString() => string.Join('\n', Sentences);
}

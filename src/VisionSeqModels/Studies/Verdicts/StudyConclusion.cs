namespace VisionSeqModels.Studies;

/// <summary>What a study found, in sentences that its numbers support; the report, the terminal and programs print the
/// same.</summary>
public sealed class StudyConclusion
{
    internal StudyConclusion(StudySummary summary)
    {
        Factors = FactorComparisons.Of(summary);
        double least = Factors.Select(factor => factor.CorrectedP).OfType<double>().DefaultIfEmpty(0).Min();
        Best = BestSetting.Sentence(summary, least);
        Method = ConclusionMethod.Text(summary, Factors);
    }

    /// <summary>Which setting is best, and whether that is more than chance.</summary>
    public string Best { get; }

    /// <summary>The base against each value of each factor, in the order of the plan: for plans that vary one factor at a time,
    /// and for lists, whose first setting is the base.</summary>
    public IReadOnlyList<FactorVerdict> Factors { get; }

    /// <summary>How the verdicts came about: tests, correction, margin. Empty where there is none.</summary>
    public string Method { get; }

    /// <summary>All sentences, the best setting first.</summary>
    public IReadOnlyList<string> Sentences => [Best, .. Factors.Select(factor => factor.Sentence)];

    /// <summary>All sentences, a line each.</summary>
    public override string ToString() => string.Join('\n', Sentences);
}

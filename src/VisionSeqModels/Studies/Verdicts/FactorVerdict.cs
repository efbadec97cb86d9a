namespace VisionSeqModels.Studies;

/// <summary>A value of a factor against the base: the difference, how sure it is, and the sentence that follows.</summary>
/// <remarks>See docs/studies.md for the tests, and <see cref="StudyConclusion.Method"/>.</remarks>
public sealed class FactorVerdict
{
    internal FactorVerdict(JudgedPairs judged, bool higherIsBetter)
    {
        Judged = judged;
        Verdict =
            judged.IsDifferent ? (judged.Sample.Mean > 0 == higherIsBetter ? Verdict.Better : Verdict.Worse)
            : judged.IsEquivalent ? Verdict.Equivalent
            : Verdict.Undecided;
    }

    /// <summary>What is varied, for example <c>batch size</c>; <c>setting</c> for a list of settings.</summary>
    public string Factor { get; internal init; } = "";

    /// <summary>The label of the value.</summary>
    public string Value { get; internal init; } = "";

    /// <summary>The label of the base's value; in a grid that of the factor's first value.</summary>
    public string BaseValue { get; internal init; } = "";

    /// <summary>The name of the setting that has the value; empty in a grid, where several have it.</summary>
    public string Setting { get; internal init; } = "";

    /// <summary>The factors whose values are averaged over: in a grid all others, else none.</summary>
    public IReadOnlyList<string> AveragedOver { get; internal init; } = [];

    /// <summary>The metric that is compared, at the end of the trials.</summary>
    public string Metric { get; internal init; } = "";

    /// <summary>The verdict.</summary>
    public Verdict Verdict { get; }

    /// <summary>The mean of the metric with the value, over the pairs; null without a pair.</summary>
    public double? Mean { get; internal init; }

    /// <summary>The mean with the base, over the pairs; null without a pair.</summary>
    public double? BaseMean { get; internal init; }

    /// <summary>The mean difference, value less base; null without a pair.</summary>
    public double? Difference => Pairs > 0 ? Judged.Sample.Mean : null;

    /// <summary>The 95 % interval of the mean difference, of this comparison by itself; null for fewer than two pairs, or where
    /// all have the same difference.</summary>
    public (double Low, double High)? Interval => Judged.Sample.Interval;

    /// <summary>The two-sided p-value of a t test for pairs; null for fewer than two pairs.</summary>
    public double? P => Judged.Sample.P;

    /// <summary>It, corrected for the number of comparisons (Holm 1979).</summary>
    public double? CorrectedP => Judged.P;

    /// <summary>The p-value of a difference as large as the margin (two one-sided tests), corrected likewise; null for fewer
    /// than two pairs.</summary>
    public double? CorrectedEquivalenceP => Judged.EquivalenceP;

    /// <summary>The largest difference that does not matter.</summary>
    public double Margin => Judged.Margin;

    /// <summary>How many comparisons the correction is for.</summary>
    public int Comparisons => Judged.Comparisons;

    /// <summary>How many pairs of trials both have a result.</summary>
    public int Pairs => Judged.Sample.Count;

    /// <summary>How many pairs there are, with those that lack a result.</summary>
    public int AllPairs => Judged.AllPairs;

    /// <summary>The trials that have no result, and how they ended.</summary>
    public IReadOnlyList<string> LeftOut { get; internal init; } = [];

    /// <summary>For an undecided comparison of at least two pairs: about how many seeds four of five such studies need to
    /// decide, if mean and spread are as seen. Null for more than a thousand pairs, or where it does not apply.</summary>
    /// <remarks>With folds it is the number of repetitions of the folds.</remarks>
    public int? SeedsToDecide => Judged.SeedsToDecide;

    /// <summary>All of it in a few plain sentences.</summary>
    public string Sentence => FactorText.Sentence(this);

    /// <summary>The verdict as a cell of a table has it, for example <c>better, p = 0.012</c>.</summary>
    public string Summary => FactorText.Summary(this);

    internal JudgedPairs Judged { get; }

    /// <summary>Whether <see cref="Factor"/> is no more than the setting's name.</summary>
    internal bool IsSetting => Factor == StudyPlan.ListFactor && Value == Setting;

    /// <inheritdoc cref="Sentence"/>
    public override string ToString() => Sentence;
}

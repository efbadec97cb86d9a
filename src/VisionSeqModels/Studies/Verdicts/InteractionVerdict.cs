using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>Two values of two factors together, in a grid: what they bring beyond the sum of what each brings alone.</summary>
public sealed class InteractionVerdict
{
    internal InteractionVerdict(JudgedPairs judged) => Judged = judged;

    /// <summary>The first factor.</summary>
    public string Factor { get; internal init; } = "";

    /// <summary>The label of its value.</summary>
    public string Value { get; internal init; } = "";

    /// <summary>The second factor.</summary>
    public string OtherFactor { get; internal init; } = "";

    /// <summary>The label of its value.</summary>
    public string OtherValue { get; internal init; } = "";

    /// <summary>The metric that is compared, at the end of the trials.</summary>
    public string Metric { get; internal init; } = "";

    /// <summary>The mean of the metric with both values, less what the first brings alone, less what the second brings alone,
    /// both against the factors' first values; null without a seed that has all four.</summary>
    public double? Difference => Judged.Sample.Count > 0 ? Judged.Sample.Mean : null;

    /// <summary>Its 95 % interval, of this comparison by itself; null for fewer than two seeds, or where all have the same
    /// difference.</summary>
    public (double Low, double High)? Interval => Judged.Sample.Interval;

    /// <summary>The two-sided p-value of a t test over the seeds, corrected for all that the study compares (Holm 1979); null
    /// for fewer than two.</summary>
    public double? CorrectedP => Judged.P;

    /// <summary>The p-value of an interaction as large as the margin, corrected likewise; null for fewer than two
    /// seeds.</summary>
    public double? CorrectedEquivalenceP => Judged.EquivalenceP;

    /// <summary>Whether there is an interaction: true or false where that is shown, null where it is undecided. False stands
    /// for one that is smaller than the margin.</summary>
    public bool? Exists =>
        Judged.IsDifferent ? true
        : Judged.IsEquivalent ? false
        : null;

    /// <summary>The trials that have no result, and how they ended.</summary>
    public IReadOnlyList<string> LeftOut { get; internal init; } = [];

    /// <summary>All of it in a few plain sentences.</summary>
    public string Sentence
    {
        get
        {
            string subject = $"{Factor} {Value} with {OtherFactor} {OtherValue}",
                name = Exists switch
                {
                    true => "they interact",
                    false => $"no interaction larger than {MetricFormat.Margin(Judged.Margin)}",
                    null => "undecided whether they interact",
                },
                format = MetricFormat.Of(Scale);
            string numbers = Difference is double difference
                ? ComparisonText.Numbers(
                    Judged,
                    $"Together they change the final {DisplayText.Of(Metric)} by {MetricFormat.Difference(difference, format)} "
                        + "beyond the sum of both",
                    format
                )
                : "No seed has a result for all four settings.";
            return $"{subject}: {name}. {numbers}{FactorText.LeftOut(LeftOut)}";
        }
    }

    internal JudgedPairs Judged { get; }

    /// <summary>The size of the metric itself.</summary>
    internal double Scale { get; init; }

    /// <inheritdoc cref="Sentence"/>
    public override string ToString() => Sentence;
}

namespace VisionSeqModels.Metrics;

/// <summary>What a <see cref="RankingMetric"/> ranks: one answer a sample, several labels, or one of several classes.</summary>
internal enum RankingKind
{
    Binary,
    MultiLabel,
    MultiClass,
}

/// <summary>What a <see cref="RankingMetric"/> ranks, and how the values of several columns become one.</summary>
/// <param name="Kind">The kind of targets.</param>
/// <param name="Count">The number of labels or classes; 1 for one answer.</param>
internal sealed record Ranking(RankingKind Kind, int Count)
{
    public Averaging Average { get; init; }

    /// <summary>The only label or class that is measured, or null for all.</summary>
    public int? Only { get; init; }

    public bool FromProbabilities { get; init; }

    public long? IgnoreIndex { get; init; }

    /// <summary>How many scores of a sample are kept.</summary>
    public int Columns => Only is null ? Count : 1;

    /// <summary>Whether a row ends in a label, rather than in a yes or no for each score.</summary>
    public bool HasLabels => Kind == RankingKind.MultiClass && Only is null;

    public static Ranking Binary { get; } = new(RankingKind.Binary, 1);

    public static Ranking MultiLabel(int labelCount, Averaging average = Averaging.Macro, int? only = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labelCount, 1);
        return new Ranking(RankingKind.MultiLabel, labelCount) { Average = average, Only = only };
    }

    public static Ranking MultiClass(int classCount, bool fromProbabilities, long? ignoreIndex)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        return new Ranking(RankingKind.MultiClass, classCount)
        {
            FromProbabilities = fromProbabilities,
            IgnoreIndex = ignoreIndex,
        };
    }
}

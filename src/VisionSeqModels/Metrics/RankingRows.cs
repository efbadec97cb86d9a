namespace VisionSeqModels.Metrics;

/// <summary>The kept rows of a <see cref="RankingMetric"/>, taken apart on the host.</summary>
internal static class RankingRows
{
    /// <summary>The target of a sample that does not count.</summary>
    public const int Left = -1;

    /// <summary>Each column's scores in order, without the samples that do not count; null where a target was out of range on a
    /// device, which made it NaN.</summary>
    public static RankedScores[]? Columns(Ranking ranking, ReadOnlySpan<double> rows)
    {
        int columns = ranking.Columns;
        int width = ranking.HasLabels ? columns + 1 : 2 * columns;
        var scores = new List<double>[columns];
        var positive = new List<bool>[columns];
        for (int i = 0; i < columns; i++)
        {
            (scores[i], positive[i]) = (new List<double>(rows.Length / width), new List<bool>(rows.Length / width));
            for (int begin = 0; begin < rows.Length; begin += width)
            {
                double target = rows[begin + columns + (ranking.HasLabels ? 0 : i)];
                if (double.IsNaN(target))
                {
                    return null;
                }

                if (target != Left)
                {
                    scores[i].Add(rows[begin + i]);
                    positive[i].Add(target == (ranking.HasLabels ? i : 1));
                }
            }
        }

        return ranking.Average == Averaging.Micro
            ? [new RankedScores([.. scores.SelectMany(all => all)], [.. positive.SelectMany(all => all)])]
            : [.. scores.Zip(positive, (all, of) => new RankedScores([.. all], [.. of]))];
    }
}

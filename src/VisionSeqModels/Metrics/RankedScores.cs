namespace VisionSeqModels.Metrics;

/// <summary>Scores in order, and how well they part the positive samples from the negative ones. Equal scores count as one
/// threshold.</summary>
internal sealed class RankedScores
{
    private readonly double[] _scores;
    private readonly bool[] _positive;
    private readonly long _positives;

    /// <summary>Sorts both arrays by score.</summary>
    public RankedScores(double[] scores, bool[] positive)
    {
        Array.Sort(scores, positive);
        (_scores, _positive) = (scores, positive);
        _positives = positive.LongCount(one => one);
    }

    public long Positives => _positives;

    /// <summary>The fraction of pairs of a positive and a negative sample whose positive one has the higher score; a pair of
    /// equal scores counts half. NaN without a pair, or with a score of NaN.</summary>
    public double AreaUnderRoc()
    {
        long negatives = _scores.Length - _positives;
        if (_positives == 0 || negatives == 0 || HasNaN)
        {
            return double.NaN;
        }

        long halves = 0;
        long below = 0;
        foreach (var (positive, negative) in Groups(1))
        {
            halves += positive * ((2 * below) + negative);
            below += negative;
        }

        return halves / (2.0 * _positives * negatives);
    }

    /// <summary>The sum of precisions, each times the recall that its threshold adds. NaN without a positive sample, or with a
    /// score of NaN.</summary>
    public double AveragePrecision()
    {
        if (_positives == 0 || HasNaN)
        {
            return double.NaN;
        }

        double sum = 0;
        long found = 0;
        long taken = 0;
        foreach (var (positive, negative) in Groups(-1))
        {
            found += positive;
            taken += positive + negative;
            sum += (double)positive / _positives * found / taken;
        }

        return sum;
    }

    private bool HasNaN => double.IsNaN(_scores[0]); // NaN sorts first; asked only where there is a score

    /// <summary>How many samples are positive and negative at each score, from the lowest (step 1) or the highest (step
    /// −1).</summary>
    private IEnumerable<(long Positive, long Negative)> Groups(int step)
    {
        int at = step > 0 ? 0 : _scores.Length - 1;
        while (at >= 0 && at < _scores.Length)
        {
            double score = _scores[at];
            long positive = 0;
            long all = 0;
            for (; at >= 0 && at < _scores.Length && _scores[at] == score; at += step)
            {
                all++;
                positive += _positive[at] ? 1 : 0;
            }

            yield return (positive, all - positive);
        }
    }
}

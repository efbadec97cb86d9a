using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>A channel's sums so far, in float64.</summary>
internal sealed class ChannelTotals(int maximumBins)
{
    private long _count;
    private long _nonFinite;
    private long _zeros;
    private double _mean;
    private double _squares; // the sum of squared differences from the mean
    private double _minimum = double.PositiveInfinity;
    private double _maximum = double.NegativeInfinity;

    public HistogramBuilder Histogram { get; } = new(maximumBins);

    /// <summary>Merges two parts exactly but for rounding: Chan, Golub and LeVeque, "Updating formulae and a pairwise
    /// algorithm for computing sample variances" (1979).</summary>
    public void Add(long count, long nonFinite, long zeros, double mean, double squares, double minimum, double maximum)
    {
        _nonFinite += nonFinite;
        if (count == 0)
        {
            return;
        }

        double difference = mean - _mean;
        long total = _count + count;
        _mean += difference * count / total;
        _squares += squares + (difference * difference * ((double)_count * count / total));
        _count = total;
        _zeros += zeros;
        _minimum = Math.Min(_minimum, minimum);
        _maximum = Math.Max(_maximum, maximum);
    }

    public ChannelStatistics Build() =>
        new()
        {
            Count = _count,
            NonFiniteCount = _nonFinite,
            Mean = _count > 0 ? _mean : double.NaN,
            StandardDeviation = _count > 0 ? Math.Sqrt(_squares / _count) : double.NaN,
            Minimum = _count > 0 ? _minimum : double.NaN,
            Maximum = _count > 0 ? _maximum : double.NaN,
            ZeroFraction = _count > 0 ? (double)_zeros / _count : double.NaN,
            Histogram = Histogram.Build(),
        };
}

namespace VisionSeqModels.Drawing;

/// <summary>A histogram that widens its bins when values do not fit.</summary>
/// <remarks> The edges are multiples of a power of two, and bins only ever merge with their neighbour into one of twice the
/// width. So the counts are exactly those of a second pass with the final edges, in whatever order and batches the values
/// came. </remarks>
internal sealed class HistogramBuilder(int maximumBins)
{
    private const int FinestExponent = -40;

    private long[] _counts = [];

    public int Exponent { get; private set; } = FinestExponent;

    public long FirstBin { get; private set; }

    private long LastBin => FirstBin + _counts.Length - 1;

    /// <summary>The exponent that fits these values and all before them; bins of <see cref="Add"/> have to be of this width
    /// or wider.</summary>
    public int ExponentFor(double minimum, double maximum)
    {
        int exponent = Exponent;
        while (true)
        {
            double width = Math.ScaleB(1, exponent);
            double low = Math.Floor(minimum / width);
            double high = Math.Floor(maximum / width);
            int shift = exponent - Exponent;
            if (_counts.Length > 0)
            {
                low = Math.Min(low, FirstBin >> shift); // an arithmetic shift is the floor of the division
                high = Math.Max(high, LastBin >> shift);
            }

            if (high - low + 1 <= maximumBins)
            {
                return exponent;
            }

            exponent++;
        }
    }

    /// <summary>Adds counts of bins of the width 2^<paramref name="exponent"/>, as <see cref="ExponentFor"/> gave it.</summary>
    public void Add(int exponent, long firstBin, ReadOnlySpan<long> counts)
    {
        WidenTo(exponent);
        Extend(firstBin, firstBin + counts.Length - 1);
        for (int i = 0; i < counts.Length; i++)
        {
            _counts[firstBin + i - FirstBin] += counts[i];
        }
    }

    public Histogram Build() =>
        new()
        {
            BinWidth = Math.ScaleB(1, Exponent),
            FirstBin = FirstBin,
            Counts = [.. _counts],
        };

    private void WidenTo(int exponent)
    {
        int shift = exponent - Exponent;
        Exponent = exponent;
        if (shift == 0 || _counts.Length == 0)
        {
            return;
        }

        long first = FirstBin >> shift;
        long[] merged = new long[(LastBin >> shift) - first + 1];
        for (int i = 0; i < _counts.Length; i++)
        {
            merged[((FirstBin + i) >> shift) - first] += _counts[i];
        }

        (_counts, FirstBin) = (merged, first);
    }

    private void Extend(long first, long last)
    {
        if (_counts.Length == 0)
        {
            (_counts, FirstBin) = (new long[last - first + 1], first);
            return;
        }

        long newFirst = Math.Min(first, FirstBin);
        long newLast = Math.Max(last, LastBin);
        if (newFirst == FirstBin && newLast == LastBin)
        {
            return;
        }

        long[] wider = new long[newLast - newFirst + 1];
        _counts.CopyTo(wider, FirstBin - newFirst);
        (_counts, FirstBin) = (wider, newFirst);
    }
}

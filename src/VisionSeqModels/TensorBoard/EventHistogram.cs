using Tensorboard;

namespace VisionSeqModels.TensorBoard;

/// <summary>A distribution in TensorBoard's form: upper edges of bins and counts.</summary>
internal static class EventHistogram
{
    private const int Bins = 40;

    public static HistogramProto Of(ReadOnlySpan<float> values)
    {
        var histogram = new HistogramProto { Min = double.PositiveInfinity, Max = double.NegativeInfinity };
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                histogram.Min = Math.Min(histogram.Min, value);
                histogram.Max = Math.Max(histogram.Max, value);
                histogram.Sum += value;
                histogram.SumSquares += (double)value * value;
                histogram.Num++;
            }
        }

        if (histogram.Num > 0)
        {
            AddBins(histogram, values);
        }

        return histogram;
    }

    private static void AddBins(HistogramProto histogram, ReadOnlySpan<float> values)
    {
        double width = histogram.Max > histogram.Min ? (histogram.Max - histogram.Min) / Bins : 1;
        double[] counts = new double[Bins];
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                counts[Math.Min((int)((value - histogram.Min) / width), Bins - 1)]++;
            }
        }

        for (int bin = 0; bin < Bins; bin++)
        {
            histogram.BucketLimit.Add(histogram.Min + ((bin + 1) * width));
            histogram.Bucket.Add(counts[bin]);
        }
    }
}

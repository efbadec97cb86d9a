namespace VisionSeqModels.Data;

/// <summary>Puts numbers in the place of missing features.</summary>
internal static class MissingFill
{
    /// <summary>What needs nothing but the sequence itself: zeros, or the last value before.</summary>
    public static void FromSequence(TableSeries series, int features, MissingValues rule)
    {
        var values = series.Features;
        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
            {
                values[i] =
                    rule == MissingValues.Zero ? 0
                    : rule == MissingValues.ForwardFill && i >= features ? values[i - features]
                    : float.NaN;
            }
        }
    }

    /// <summary>What is still missing becomes the mean of the training part.</summary>
    public static void FromTraining(TableSeries series, int features, FeatureMoments training)
    {
        var values = series.Features;
        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
            {
                values[i] = (float)training.Mean(i % features);
            }
        }
    }
}

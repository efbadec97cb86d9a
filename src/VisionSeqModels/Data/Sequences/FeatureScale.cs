namespace VisionSeqModels.Data;

/// <summary>Normalises rows of numbers.</summary>
internal static class FeatureScale
{
    /// <summary>Writes <c>(value − mean) / standard deviation</c>; without a normalisation the values as they are.</summary>
    public static void Apply(ReadOnlySpan<float> values, Span<float> target, FeatureNormalization? normalization)
    {
        if (normalization is null)
        {
            values.CopyTo(target);
            return;
        }

        int features = normalization.Mean.Count;
        for (int i = 0; i < values.Length; i++)
        {
            int feature = i % features;
            target[i] = (float)((values[i] - normalization.Mean[feature]) / normalization.StandardDeviation[feature]);
        }
    }
}

namespace VisionSeqModels.Data;

/// <summary>A sequence: some steps of a table of numbers, which others may share.</summary>
/// <param name="Values">The table, step after step.</param>
/// <param name="Begin">The first step.</param>
/// <param name="Length">How many steps.</param>
internal readonly record struct SequenceSpan(float[] Values, int Begin, int Length)
{
    /// <summary>The numbers, step after step.</summary>
    public ReadOnlySpan<float> Numbers(int features) => Values.AsSpan(Begin * features, Length * features);
}

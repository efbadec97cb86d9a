namespace VisionSeqModels.Kernels;

/// <summary>Rows of floats in groups.</summary>
/// <param name="start">The first row of the first group.</param>
/// <param name="width">Values of a row.</param>
/// <param name="stride">Floats from a row to the next.</param>
/// <param name="groupStride">Floats from a group to the next.</param>
internal readonly unsafe struct RowGroups(float* start, int width, nint stride, nint groupStride)
{
    public float* Start { get; } = start;

    public int Width { get; } = width;

    public nint Stride { get; } = stride;

    public nint GroupStride { get; } = groupStride;
}

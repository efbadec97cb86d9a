namespace VisionSeqModels.Checkpoints;

/// <summary>How large what a file says may be. Whoever uses a description allocates by it.</summary>
internal static class ModelDescriptionLimits
{
    /// <summary>Channels × height × width of one image.</summary>
    public const int MostPixelValues = 1 << 28;

    public static bool IsImage(IReadOnlyList<int> shape) =>
        shape.Count == 3
        && shape.All(side => side is >= 1 and <= MostPixelValues)
        && (Int128)shape[0] * shape[1] * shape[2] <= MostPixelValues;
}

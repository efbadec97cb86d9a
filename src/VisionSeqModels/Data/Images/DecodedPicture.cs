namespace VisionSeqModels.Data;

/// <summary>A decoded picture: red, green, blue and alpha of each pixel, row by row without gaps; colours are not multiplied by
/// alpha.</summary>
internal readonly ref struct DecodedPicture(Span<byte> pixels, int width, int height, bool isOpaque)
{
    /// <summary>Bytes of a pixel.</summary>
    public const int Depth = 4;

    public Span<byte> Pixels { get; } = pixels;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Whether alpha is 255 everywhere.</summary>
    public bool IsOpaque { get; } = isOpaque;
}

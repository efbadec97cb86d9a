using SkiaSharp;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Turns the bytes of a JPEG, PNG, WebP, BMP or GIF file into those of an image <c>[channels, height, width]</c>. Many
/// threads may do so at once.</summary>
internal static class ImageDecoder
{
    /// <summary>The pixels of a picture that are decoded at most, where nothing else is asked for: 67,108,864.</summary>
    public const long DefaultPixelLimit = 64L << 20;

    /// <summary>The pixels of a side, at most.</summary>
    public const int LongestSide = 65_535;

    [ThreadStatic]
    private static PixelBuffers? _buffers;

    private static PixelBuffers Buffers => _buffers ??= new PixelBuffers();

    /// <summary>Decodes and prepares a file's bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="preparation">The image that is wanted; it must be valid.</param>
    /// <param name="pixelLimit">A picture of more pixels is refused before it is decoded.</param>
    /// <returns>The image <c>[channels, height, width]</c>.</returns>
    /// <exception cref="UnreadableImageException">It is no such file, is damaged or too large.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> file, ImagePreparation preparation, long pixelLimit = DefaultPixelLimit)
    {
        byte[] image = new byte[preparation.ByteCount];
        Decode(file, preparation, image, pixelLimit);
        return image;
    }

    /// <summary>The same, into room that is there.</summary>
    public static void Decode(ReadOnlySpan<byte> file, ImagePreparation preparation, Span<byte> image, long pixelLimit)
    {
        Decode(file, preparation, image, pixelLimit, Buffers);
        Buffers.Trim();
    }

    /// <summary>The same, with buffers of the caller's own.</summary>
    public static void Decode(
        ReadOnlySpan<byte> file,
        ImagePreparation preparation,
        Span<byte> image,
        long pixelLimit,
        PixelBuffers buffers
    )
    {
        SkiaLibrary.EnsureAvailable();
        PicturePreparation.Prepare(PictureReader.Read(file, pixelLimit, buffers), preparation, buffers, image);
    }

    /// <summary>Prepares a bitmap of any kind as a file of the same pixels is prepared.</summary>
    /// <param name="bitmap">The bitmap; it does not change.</param>
    /// <param name="preparation">The image that is wanted; it must be valid.</param>
    /// <returns>The image <c>[channels, height, width]</c>.</returns>
    /// <exception cref="UnreadableImageException">It has no pixels, or too many.</exception>
    public static byte[] Prepare(SKBitmap bitmap, ImagePreparation preparation)
    {
        byte[] image = new byte[preparation.ByteCount];
        Prepare(bitmap, preparation, image);
        return image;
    }

    /// <summary>The same, into room that is there.</summary>
    public static void Prepare(SKBitmap bitmap, ImagePreparation preparation, Span<byte> image)
    {
        SkiaLibrary.EnsureAvailable();
        PictureReader.CheckSize(bitmap.Width, bitmap.Height, DefaultPixelLimit);
        var buffers = Buffers;
        var info = PictureReader.Wanted(bitmap.Width, bitmap.Height);
        var pixels = buffers.Decoded(info.BytesSize);
        using var pixmap = bitmap.PeekPixels();
        if (pixmap?.ReadPixels(info, buffers.DecodedAddress, info.RowBytes) != true)
        {
            throw new UnreadableImageException("has no pixels");
        }

        PicturePreparation.Prepare(
            new DecodedPicture(pixels, bitmap.Width, bitmap.Height, bitmap.AlphaType == SKAlphaType.Opaque),
            preparation,
            buffers,
            image
        );
        buffers.Trim();
    }
}

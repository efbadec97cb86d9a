using System.Globalization;
using SkiaSharp;

namespace VisionSeqModels.Data;

/// <summary>Decodes a file's bytes through SkiaSharp and turns the picture upright.</summary>
internal static class PictureReader
{
    /// <summary>The format in which pictures are decoded. Without a colour space the values of the file stay as they
    /// are.</summary>
    public static SKImageInfo Wanted(int width, int height) =>
        new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);

    /// <summary>Decodes; the result lies in the buffers.</summary>
    /// <exception cref="UnreadableImageException">It is no such file, is damaged or too large.</exception>
    public static DecodedPicture Read(ReadOnlySpan<byte> file, long pixelLimit, PixelBuffers buffers)
    {
        if (file.IsEmpty)
        {
            throw new UnreadableImageException("is empty");
        }

        using var data = SKData.CreateCopy(file);
        using var codec =
            SKCodec.Create(data) ?? throw new UnreadableImageException("is no JPEG, PNG, WebP, BMP or GIF file, or is damaged");
        CheckFormat(codec.EncodedFormat);
        var size = codec.Info;
        CheckSize(size.Width, size.Height, pixelLimit);
        var info = Wanted(size.Width, size.Height);
        var pixels = buffers.Decoded(info.BytesSize);
        CheckResult(codec.GetPixels(info, buffers.DecodedAddress));
        var picture = new DecodedPicture(pixels, size.Width, size.Height, size.AlphaType == SKAlphaType.Opaque);
        var origin = codec.EncodedFormat == SKEncodedImageFormat.Png ? PngOrientation.Of(file) : codec.EncodedOrigin;
        return PictureTurn.Upright(picture, origin, buffers);
    }

    /// <exception cref="UnreadableImageException">It has no pixels, or too many.</exception>
    public static void CheckSize(int width, int height, long pixelLimit)
    {
        if (width < 1 || height < 1)
        {
            throw new UnreadableImageException("has no pixels");
        }

        if ((long)width * height > pixelLimit || Math.Max(width, height) > ImageDecoder.LongestSide)
        {
            throw new UnreadableImageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {width}x{height} pixels, but at most {pixelLimit} are decoded, and {ImageDecoder.LongestSide} a side"
                )
            );
        }
    }

    private static void CheckFormat(SKEncodedImageFormat format)
    {
        if (
            format
            is not (
                SKEncodedImageFormat.Jpeg
                or SKEncodedImageFormat.Png
                or SKEncodedImageFormat.Webp
                or SKEncodedImageFormat.Bmp
                or SKEncodedImageFormat.Gif
            )
        )
        {
            throw new UnreadableImageException($"looks like {format}, but JPEG, PNG, WebP, BMP and GIF are read");
        }
    }

    private static void CheckResult(SKCodecResult result)
    {
        if (result != SKCodecResult.Success)
        {
            throw new UnreadableImageException(
                result == SKCodecResult.IncompleteInput ? "ends too early" : $"is damaged ({result})"
            );
        }
    }
}

using System.Runtime.InteropServices;
using SkiaSharp;

namespace VisionSeqModels.Data;

/// <summary>Turns a picture upright: cameras store what their sensor saw, and how they were held.</summary>
internal static class PictureTurn
{
    /// <summary>The picture as its EXIF orientation, 1 to 8, wants it seen.</summary>
    public static DecodedPicture Upright(DecodedPicture picture, SKEncodedOrigin origin, PixelBuffers buffers)
    {
        if (origin is <= SKEncodedOrigin.TopLeft or > SKEncodedOrigin.LeftBottom)
        {
            return picture;
        }

        bool isTransposed = origin >= SKEncodedOrigin.LeftTop;
        int width = isTransposed ? picture.Height : picture.Width;
        int height = isTransposed ? picture.Width : picture.Height;
        var turned = buffers.Turned(picture.Pixels.Length);
        var from = MemoryMarshal.Cast<byte, uint>(picture.Pixels);
        var to = MemoryMarshal.Cast<byte, uint>(turned);
        var (first, right, down) = Steps(origin, picture.Width, picture.Height);
        for (int y = 0, place = 0; y < height; y++)
        {
            int source = first + (y * down);
            for (int x = 0; x < width; x++, source += right)
            {
                to[place++] = from[source];
            }
        }

        return new DecodedPicture(turned, width, height, picture.IsOpaque);
    }

    /// <summary>Where the upper left pixel lies in the stored picture, and how far it is from a pixel to that on its right and
    /// to that below.</summary>
    private static (int First, int Right, int Down) Steps(SKEncodedOrigin origin, int width, int height)
    {
        int last = (height - 1) * width; // the first pixel of the last row
        return origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => (last + width - 1, -1, -width),
            SKEncodedOrigin.BottomLeft => (last, 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (last, -width, 1),
            SKEncodedOrigin.RightBottom => (last + width - 1, -width, -1),
            _ => (width - 1, width, -1),
        };
    }
}

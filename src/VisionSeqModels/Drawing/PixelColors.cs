using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>The colours of a tile's pixels.</summary>
internal static class PixelColors
{
    /// <summary>Bytes <c>[1 or 3, pixels]</c>, as grey or as red, green and blue.</summary>
    public static SKColor[] OfBytes(byte[] bytes, int channels)
    {
        int plane = bytes.Length / channels,
            green = channels == 1 ? 0 : plane,
            blue = 2 * green;
        var colors = new SKColor[plane];
        for (int i = 0; i < plane; i++)
        {
            colors[i] = new SKColor(bytes[i], bytes[green + i], bytes[blue + i]);
        }

        return colors;
    }

    /// <summary>Numbers <c>[1 or 3, pixels]</c>: each channel from the scale's beginning, 0, to its end, 255.</summary>
    public static SKColor[] OfNumbers(double[] values, int channels, ValueScale scale)
    {
        byte[] bytes = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            bytes[i] = double.IsFinite(values[i]) ? (byte)Math.Round(255 * scale.Position(values[i])) : (byte)0;
        }

        var colors = OfBytes(bytes, channels);
        foreach (bool nan in new[] { false, true }) // NaN wins where both are in one pixel
        {
            for (int i = 0; i < values.Length; i++)
            {
                if (nan ? double.IsNaN(values[i]) : double.IsInfinity(values[i]))
                {
                    colors[i % colors.Length] = nan ? ColorMaps.NotANumber : ColorMaps.Infinite;
                }
            }
        }

        return colors;
    }

    /// <summary>A table's numbers, each with its colour of the map.</summary>
    public static SKColor[] OfMap(double[,] values, ValueScale scale, ColorMap map)
    {
        (int height, int width) = (values.GetLength(0), values.GetLength(1));
        var colors = new SKColor[height * width];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                colors[(row * width) + column] = ColorMaps.At(map, scale, values[row, column]);
            }
        }

        return colors;
    }

    /// <summary>Paints pixels, each as a rectangle.</summary>
    public static void Paint(SKCanvas canvas, ReadOnlySpan<SKColor> pixels, int width, SKRect place)
    {
        // an SKColor holds blue in its lowest byte, so on a little-endian machine its bytes are Bgra8888
        var info = new SKImageInfo(width, pixels.Length / width, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var image = SKImage.FromPixelCopy(info, System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels));
        canvas.DrawImage(image, place, new SKSamplingOptions(SKFilterMode.Nearest));
    }
}

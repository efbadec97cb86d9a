namespace VisionSeqModels.Data;

/// <summary>Colours of pixels, in whole numbers.</summary>
internal static class PictureColors
{
    /// <summary>Lays pixels over a background, in their place: <c>(colour · alpha + background · (255 − alpha)) / 255</c>,
    /// rounded.</summary>
    public static void Flatten(Span<byte> pixels, (byte Red, byte Green, byte Blue) background)
    {
        for (int i = 0; i + 3 < pixels.Length; i += DecodedPicture.Depth)
        {
            int alpha = pixels[i + 3];
            if (alpha != byte.MaxValue)
            {
                pixels[i] = Over(pixels[i], background.Red, alpha);
                pixels[i + 1] = Over(pixels[i + 1], background.Green, alpha);
                pixels[i + 2] = Over(pixels[i + 2], background.Blue, alpha);
            }
        }
    }

    /// <summary>Makes pixels grey, in their place.</summary>
    /// <returns>One byte for each pixel, at the beginning of the same memory.</returns>
    public static Span<byte> ToGrey(Span<byte> pixels)
    {
        int count = pixels.Length / DecodedPicture.Depth;
        for (int i = 0; i < count; i++)
        {
            int place = i * DecodedPicture.Depth;
            pixels[i] = Grey(pixels[place], pixels[place + 1], pixels[place + 2]);
        }

        return pixels.Slice(0, count);
    }

    /// <summary>The brightness that ITU-R BT.601 gives a colour: <c>0.299 · red + 0.587 · green + 0.114 · blue</c>, in
    /// 65,536ths, rounded.</summary>
    public static byte Grey(int red, int green, int blue) =>
        (byte)(((red * 19_595) + (green * 38_470) + (blue * 7_471) + 0x8000) >> 16);

    private static byte Over(int color, int background, int alpha)
    {
        int sum = (color * alpha) + (background * (byte.MaxValue - alpha)) + 128;
        return (byte)(((sum >> 8) + sum) >> 8); // the exact quotient by 255, rounded
    }
}

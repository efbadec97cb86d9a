using SkiaSharp;

namespace VisionSeqModels.Tests;

/// <summary>Small picture files for tests.</summary>
internal static class Photos
{
    /// <summary>The bytes of a file of one colour, with a stripe that tells its sides apart.</summary>
    public static byte[] Encoded(
        SKColor color,
        int width = 12,
        int height = 9,
        SKEncodedImageFormat format = SKEncodedImageFormat.Png
    )
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(color);
        bitmap.SetPixel(0, 0, new SKColor((byte)~color.Red, color.Green, color.Blue));
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    /// <summary>Writes pictures into class folders: a colour for each class, a shade for each picture.</summary>
    public static void Write(string root, int perClass, params string[] classes)
    {
        for (int label = 0; label < classes.Length; label++)
        {
            string folder = Directory.CreateDirectory(Path.Combine(root, classes[label])).FullName;
            for (int i = 0; i < perClass; i++)
            {
                var color = new SKColor((byte)(40 * label), (byte)(7 * i), (byte)(255 - (40 * label)));
                File.WriteAllBytes(Path.Combine(folder, $"{i:00}.png"), Encoded(color, 8 + i, 9));
            }
        }
    }
}

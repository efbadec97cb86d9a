using SkiaSharp;

namespace VisionSeqModels.Samples.OwnImages;

/// <summary>Draws what stands in for photos: a thing on a table, in any light, in files as a camera and a browser leave
/// them.</summary>
internal static class DrawnPictures
{
    private static readonly string[] Classes = ["ball", "bottle", "box", "star"];

    /// <summary>Writes JPEG and PNG files of several sizes into class folders; some JPEG files are stored turned.</summary>
    public static void Write(string folder, int countPerClass, long seed, CancellationToken cancellationToken)
    {
        for (int label = 0; label < Classes.Length; label++)
        {
            string target = Directory.CreateDirectory(Path.Combine(folder, Classes[label])).FullName;
            for (int i = 0; i < countPerClass; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var random = new Random(HashCode(seed, label, i));
                bool isJpeg = random.Next(4) > 0;
                int orientation = isJpeg && random.Next(3) == 0 ? new[] { 3, 6, 8 }[random.Next(3)] : 1;
                using var bitmap = Draw(Classes[label], random.Next(60, 200), random.Next(60, 200), orientation, random);
                using var data = bitmap.Encode(isJpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, 85);
                byte[] file = orientation == 1 ? data.ToArray() : CameraTurn.Mark(data.AsSpan(), orientation);
                File.WriteAllBytes(Path.Combine(target, $"{i:000}.{(isJpeg ? "jpg" : "png")}"), file);
            }
        }
    }

    private static int HashCode(long seed, int label, int number) =>
        (int)(((seed * 1_000_003) + (label * 10_007) + number) & int.MaxValue);

    private static SKBitmap Draw(string name, int width, int height, int orientation, Random random)
    {
        bool isTurned = orientation >= 5;
        var bitmap = new SKBitmap(new SKImageInfo(isTurned ? height : width, isTurned ? width : height));
        using var canvas = new SKCanvas(bitmap);
        canvas.Concat(CameraTurn.Matrix(orientation, width, height));
        Background(canvas, width, height, random);
        float size = Math.Min(width, height) * Between(random, 0.32f, 0.45f);
        canvas.Translate(Place(width, size, random), Place(height, size, random));
        Shadow(canvas, size);
        canvas.RotateDegrees(Between(random, -15, 15));
        Thing(canvas, name, size, random);
        canvas.Flush();
        AddGrain(bitmap, random);
        return bitmap;
    }

    /// <summary>Where the thing's centre is, so that most of it can be seen.</summary>
    private static float Place(int length, float size, Random random) =>
        (length / 2f) + (Between(random, -0.5f, 0.5f) * ((length / 2f) - size));

    private static void Background(SKCanvas canvas, int width, int height, Random random)
    {
        float table = height * Between(random, 0.45f, 0.75f);
        Fill(canvas, new SKRect(0, 0, width, table), Color(random, 20, 60), Color(random, 50, 95));
        Fill(canvas, new SKRect(0, table, width, height), Color(random, 40, 80), Color(random, 15, 50));
    }

    private static void Fill(SKCanvas canvas, SKRect area, SKColor top, SKColor bottom)
    {
        using var paint = new SKPaint();
        using var shader = SKShader.CreateLinearGradient(
            new SKPoint(area.Left, area.Top),
            new SKPoint(area.Right, area.Bottom),
            [top, bottom],
            SKShaderTileMode.Clamp
        );
        paint.Shader = shader;
        canvas.DrawRect(area, paint);
    }

    private static void Shadow(SKCanvas canvas, float size)
    {
        using var paint = new SKPaint();
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, Math.Max(1, size / 6));
        paint.Color = new SKColor(0, 0, 0, 90);
        paint.MaskFilter = blur;
        canvas.DrawOval(size / 4, size, size, size / 5, paint);
    }

    private static void Thing(SKCanvas canvas, string name, float size, Random random)
    {
        float hue = Between(random, 0, 360);
        using var paint = new SKPaint();
        using var light = SKShader.CreateRadialGradient(
            new SKPoint(-size / 3, -size / 3),
            size * 1.7f,
            [SKColor.FromHsl(hue, 70, 75), SKColor.FromHsl(hue, 80, 25)],
            SKShaderTileMode.Clamp
        );
        using var path = Outline(name, size);
        paint.Shader = light;
        paint.IsAntialias = true;
        canvas.DrawPath(path, paint);
    }

    private static SKPath Outline(string name, float size)
    {
        var path = new SKPath();
        switch (name)
        {
            case "ball":
                path.AddCircle(0, 0, size);
                break;
            case "bottle":
                path.AddRoundRect(new SKRect(-size * 0.4f, -size * 0.3f, size * 0.4f, size), size * 0.15f, size * 0.15f);
                path.AddRect(new SKRect(-size * 0.13f, -size, size * 0.13f, -size * 0.25f));
                break;
            case "box":
                path.AddRect(new SKRect(-size * 0.85f, -size * 0.65f, size * 0.85f, size * 0.85f));
                break;
            default:
                Star(path, size);
                break;
        }

        return path;
    }

    private static void Star(SKPath path, float size)
    {
        for (int corner = 0; corner < 10; corner++)
        {
            double angle = (corner * Math.PI / 5) - (Math.PI / 2);
            float radius = corner % 2 == 0 ? size * 1.1f : size * 0.45f;
            var point = new SKPoint(radius * (float)Math.Cos(angle), radius * (float)Math.Sin(angle));
            if (corner == 0)
            {
                path.MoveTo(point);
            }
            else
            {
                path.LineTo(point);
            }
        }

        path.Close();
    }

    /// <summary>The noise of a sensor.</summary>
    private static void AddGrain(SKBitmap bitmap, Random random)
    {
        int strength = random.Next(2, 14);
        var pixels = bitmap.Pixels;
        for (int i = 0; i < pixels.Length; i++)
        {
            int grain = random.Next(-strength, strength + 1);
            var color = pixels[i];
            pixels[i] = new SKColor(Level(color.Red + grain), Level(color.Green + grain), Level(color.Blue + grain));
        }

        bitmap.Pixels = pixels;
    }

    private static byte Level(int value) => (byte)Math.Clamp(value, 0, 255);

    private static SKColor Color(Random random, float darkest, float lightest) =>
        SKColor.FromHsl(Between(random, 0, 360), Between(random, 0, 20), Between(random, darkest, lightest));

    private static float Between(Random random, float low, float high) => low + ((high - low) * random.NextSingle());
}

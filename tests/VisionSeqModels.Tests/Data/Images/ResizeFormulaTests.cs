using SkiaSharp;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

/// <summary>docs/own-images.md says how pictures are resized. Here its formulas are computed as they stand there, in floating
/// point and without any rounding in between.</summary>
public sealed class ResizeFormulaTests
{
    private const int Cases = 60;
    private const double Background = 32; // of each channel

    [Theory]
    [InlineData(ImageResize.ShorterSide, 1)]
    [InlineData(ImageResize.Stretch, 2)]
    [InlineData(ImageResize.Letterbox, 3)]
    public void ResizedImages_DifferFromTheFormulaByOneLevelAtMost(ImageResize resize, int seed)
    {
        var random = new Random(seed);
        for (int number = 0; number < Cases; number++)
        {
            int largest = number % 10 == 0 ? 400 : 60;
            using var bitmap = Noise(random.Next(1, largest), random.Next(1, largest), random);
            var image = new ImagePreparation
            {
                Height = random.Next(1, 70),
                Width = random.Next(1, 70),
                Resize = resize,
                Background = "#202020",
            };
            string name = $"case {number}: {bitmap.Width}x{bitmap.Height} to {image.Width}x{image.Height}";
            byte[] actual = ImageDecoder.Prepare(bitmap, image);
            int plane = image.Height * image.Width;
            for (int channel = 0; channel < 3; channel++)
            {
                double[,] expected = Image(Levels(bitmap, channel), image);
                for (int i = 0; i < plane; i++)
                {
                    double difference = actual[(channel * plane) + i] - expected[i / image.Width, i % image.Width];
                    Assert.True(Math.Abs(difference) <= 1.001, $"{name}, channel {channel}, pixel {i}: {difference}");
                }
            }
        }
    }

    /// <summary>The table of the page: the size that a picture is scaled to, and where that is cut or laid.</summary>
    private static double[,] Image(double[,] picture, ImagePreparation image)
    {
        double h = picture.GetLength(0),
            w = picture.GetLength(1),
            tallness = (image.Width * h) - (image.Height * w);
        if (image.Resize == ImageResize.Stretch)
        {
            return Resized(picture, image.Height, image.Width);
        }

        if (image.Resize == ImageResize.ShorterSide)
        {
            double[,] scaled =
                tallness >= 0
                    ? Resized(picture, (int)Math.Floor(h * image.Width / w), image.Width)
                    : Resized(picture, image.Height, (int)Math.Floor(w * image.Height / h));
            int cutTop = (int)Math.Round((scaled.GetLength(0) - image.Height) / 2.0, MidpointRounding.ToEven);
            int cutLeft = (int)Math.Round((scaled.GetLength(1) - image.Width) / 2.0, MidpointRounding.ToEven);
            return Filled(image, (y, x) => scaled[y + cutTop, x + cutLeft]);
        }

        double[,] fitted =
            tallness >= 0
                ? Resized(picture, image.Height, Math.Max(1, (int)Math.Floor((w * image.Height / h) + 0.5)))
                : Resized(picture, Math.Max(1, (int)Math.Floor((h * image.Width / w) + 0.5)), image.Width);
        int top = (image.Height - fitted.GetLength(0)) / 2;
        int left = (image.Width - fitted.GetLength(1)) / 2;
        return Filled(
            image,
            (y, x) =>
                y >= top && y < top + fitted.GetLength(0) && x >= left && x < left + fitted.GetLength(1)
                    ? fitted[y - top, x - left]
                    : Background
        );
    }

    private static double[,] Filled(ImagePreparation image, Func<int, int, double> level)
    {
        double[,] levels = new double[image.Height, image.Width];
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                levels[y, x] = level(y, x);
            }
        }

        return levels;
    }

    private static double[,] Resized(double[,] picture, int height, int width)
    {
        int h = picture.GetLength(0),
            w = picture.GetLength(1);
        double[,] rows = new double[h, width];
        double[,] result = new double[height, width];
        for (int i = 0; i < width; i++)
        {
            foreach (var (j, weight) in Weights(i, w, width))
            {
                for (int y = 0; y < h; y++)
                {
                    rows[y, i] += weight * picture[y, j];
                }
            }
        }

        for (int i = 0; i < height; i++)
        {
            foreach (var (j, weight) in Weights(i, h, height))
            {
                for (int x = 0; x < width; x++)
                {
                    result[i, x] += weight * rows[j, x];
                }
            }
        }

        return result;
    }

    /// <summary>Which of n pixels make pixel i of m, and with which weights.</summary>
    private static List<(int J, double Weight)> Weights(int i, int n, int m)
    {
        double s = (double)n / m,
            r = Math.Max(s, 1),
            c = (i + 0.5) * s;
        int first = Math.Max(0, (int)Math.Floor(c - r + 0.5));
        int end = Math.Min(n, (int)Math.Floor(c + r + 0.5));
        var weights = Enumerable.Range(first, end - first).Select(j => Math.Max(0, 1 - (Math.Abs(j - c + 0.5) / r))).ToList();
        return [.. weights.Select((weight, k) => (first + k, weight / weights.Sum()))];
    }

    private static double[,] Levels(SKBitmap bitmap, int channel)
    {
        var pixels = bitmap.Pixels;
        double[,] levels = new double[bitmap.Height, bitmap.Width];
        for (int i = 0; i < pixels.Length; i++)
        {
            var color = pixels[i];
            levels[i / bitmap.Width, i % bitmap.Width] = channel switch
            {
                0 => color.Red,
                1 => color.Green,
                _ => color.Blue,
            };
        }

        return levels;
    }

    private static SKBitmap Noise(int width, int height, Random random)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        byte[] bytes = new byte[3 * width * height];
        random.NextBytes(bytes);
        bitmap.Pixels =
        [
            .. Enumerable.Range(0, width * height).Select(i => new SKColor(bytes[3 * i], bytes[(3 * i) + 1], bytes[(3 * i) + 2])),
        ];
        return bitmap;
    }
}

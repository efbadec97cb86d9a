using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Draws one of ten shapes into an image, as planes of bytes.</summary>
internal sealed class ShapePainter(int channels, int size, bool varied)
{
    private const double Contrast = 90; // the minimum difference of shape and background in some channel, of 255
    private const double Noise = 28; // added to each pixel: uniform, from minus this to plus this

    public static IReadOnlyList<string> Names { get; } =
    ["disc", "ring", "square", "frame", "triangle", "plus", "cross", "bars", "checkers", "half-moon"];

    public void Draw(int shape, SplitMix random, Span<byte> image)
    {
        double radius = size * (varied ? random.Between(0.24, 0.40) : 0.40);
        double centerX = varied ? random.Between(radius, size - radius) : size / 2.0;
        double centerY = varied ? random.Between(radius, size - radius) : size / 2.0;
        double angle = varied ? random.Between(-0.35, 0.35) : 0;
        Span<double> ground = stackalloc double[channels];
        Span<double> ink = stackalloc double[channels];
        Colors(ref random, ground, ink);
        double cosine = Math.Cos(angle) / radius;
        double sine = Math.Sin(angle) / radius;
        int plane = size * size;
        for (int at = 0; at < plane; at++)
        {
            double x = (at % size) + 0.5 - centerX;
            double y = (at / size) + 0.5 - centerY;
            bool inside = IsInside(shape, (x * cosine) + (y * sine), (y * cosine) - (x * sine));
            for (int channel = 0; channel < channels; channel++)
            {
                double value = (inside ? ink[channel] : ground[channel]) + random.Between(-Noise, Noise);
                image[(channel * plane) + at] = (byte)Math.Clamp(value, 0, 255);
            }
        }
    }

    /// <summary>Two colours that differ enough; either may be the lighter one, but without variation it is the shape in every
    /// channel.</summary>
    private void Colors(ref SplitMix random, Span<double> ground, Span<double> ink)
    {
        double difference;
        do
        {
            difference = 0;
            for (int channel = 0; channel < ground.Length; channel++)
            {
                ground[channel] = random.Between(0, 255);
                ink[channel] = random.Between(0, 255);
                if (!varied && ground[channel] > ink[channel])
                {
                    (ground[channel], ink[channel]) = (ink[channel], ground[channel]);
                }

                difference = Math.Max(difference, Math.Abs(ground[channel] - ink[channel]));
            }
        } while (difference < Contrast);
    }

    /// <summary>Whether a point lies in the shape; the shape's circle has radius 1, y points down.</summary>
    private static bool IsInside(int shape, double x, double y)
    {
        double square = Math.Max(Math.Abs(x), Math.Abs(y));
        double distance = (x * x) + (y * y);
        return shape switch
        {
            0 => distance < 0.81,
            1 => distance is < 1 and > 0.36,
            2 => square < 0.8,
            3 => square is < 0.9 and > 0.55,
            4 => y < 0.75 && y > (Math.Abs(x) * 1.9) - 0.95,
            5 => square < 0.95 && Math.Min(Math.Abs(x), Math.Abs(y)) < 0.26,
            6 => square < 0.8 && Math.Min(Math.Abs(x - y), Math.Abs(x + y)) < 0.36,
            7 => square < 0.9 && (y + 0.9) % 0.72 < 0.36,
            8 => square < 0.9 && (x < 0) == (y < 0),
            _ => distance < 0.9 && ((x - 0.5) * (x - 0.5)) + (y * y) > 0.5,
        };
    }
}

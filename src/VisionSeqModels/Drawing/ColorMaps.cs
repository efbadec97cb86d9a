using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>The colours of a <see cref="ColorMap"/>: straight lines in sRGB between a few points.</summary>
internal static class ColorMaps
{
    // Nine points of matplotlib's viridis (CC0); the ends of Okabe and Ito's blue and vermillion, darkened, about white.
    private static readonly SKColor[] Viridis = Points(
        "440154",
        "472D7B",
        "3B528B",
        "2C728E",
        "21918C",
        "28AE80",
        "5EC962",
        "ADDC30",
        "FDE725"
    );
    private static readonly SKColor[] BlueToRed = Points("00406B", "0072B2", "8FC1E3", "FFFFFF", "F3B48A", "D55E00", "7A3500");
    private static readonly SKColor[] BlackToWhite = Points("000000", "FFFFFF");

    /// <summary>The colour of NaN: in no map, and far from all colours of each with any colour vision.</summary>
    public static SKColor NotANumber { get; } = SKColor.Parse("FF00FF");

    /// <summary>The colour of both infinities; as far from the maps, and from that of NaN.</summary>
    public static SKColor Infinite { get; } = SKColor.Parse("6600FF");

    /// <summary>The colour of a value.</summary>
    public static SKColor At(ColorMap map, ValueScale scale, double value) =>
        double.IsInfinity(value) ? Infinite : At(map, scale.Position(value));

    public static SKColor At(ColorMap map, double position)
    {
        if (double.IsNaN(position))
        {
            return NotANumber;
        }

        var points = map switch
        {
            ColorMap.Sequential => Viridis,
            ColorMap.Diverging => BlueToRed,
            _ => BlackToWhite,
        };
        double at = Math.Clamp(position, 0, 1) * (points.Length - 1);
        int below = Math.Min((int)at, points.Length - 2);
        return Mix(points[below], points[below + 1], at - below);
    }

    /// <summary>A mixture of two colours: 0 is the first, 1 the second.</summary>
    public static SKColor Mix(SKColor first, SKColor second, double fraction) =>
        new(
            Mix(first.Red, second.Red, fraction),
            Mix(first.Green, second.Green, fraction),
            Mix(first.Blue, second.Blue, fraction)
        );

    /// <summary>Black or white, whichever has more contrast with the colour.</summary>
    public static SKColor InkOn(SKColor ground) =>
        (0.299 * ground.Red) + (0.587 * ground.Green) + (0.114 * ground.Blue) > 140 ? SKColors.Black : SKColors.White;

    private static byte Mix(byte first, byte second, double fraction) => (byte)Math.Round(first + ((second - first) * fraction));

    private static SKColor[] Points(params string[] colors) => [.. colors.Select(SKColor.Parse)];
}

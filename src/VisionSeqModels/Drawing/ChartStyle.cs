using ScottPlot;

namespace VisionSeqModels.Drawing;

/// <summary>What all charts share.</summary>
internal static class ChartStyle
{
    /// <summary>Okabe and Ito's colours, which people with any colour vision can tell apart.</summary>
    public static readonly Color[] Colors =
    [
        .. new[] { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442" }.Select(Color.FromHex),
    ];

    public static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledCircle,
        MarkerShape.FilledSquare,
        MarkerShape.FilledDiamond,
        MarkerShape.FilledTriangleUp,
        MarkerShape.OpenCircle,
        MarkerShape.OpenSquare,
        MarkerShape.OpenDiamond,
        MarkerShape.OpenTriangleUp,
    ];

    public static Picture Render(Plot plot, int width, int height)
    {
        using var image = plot.GetImage(width, height);
        return new Picture(width, height, image.GetImageBytes(ImageFormat.Png));
    }

    public static Picture Render(Multiplot panels, int width, int height)
    {
        using var image = panels.Render(width, height);
        return new Picture(width, height, image.GetImageBytes(ImageFormat.Png));
    }

    /// <summary>Whether smaller values of a figure are better, as far as its name tells.</summary>
    public static bool IsLowerBetter(string figure) =>
        figure.Contains("loss", StringComparison.Ordinal) || figure.Contains("error", StringComparison.Ordinal);
}

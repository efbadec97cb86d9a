using ScottPlot;

namespace VisionSeqModels.Drawing;

/// <summary>What charts have in common.</summary>
internal static class ChartStyle
{
    public static Picture Render(Plot plot, int width, int height)
    {
        using var image = plot.GetImage(width, height);
        return new Picture(width, height, image.GetImageBytes(ImageFormat.Png));
    }

    /// <summary>Whether smaller values of a metric are better, as far as its name says.</summary>
    public static bool IsLowerBetter(string metric) =>
        metric.Contains("loss", StringComparison.Ordinal) || metric.Contains("error", StringComparison.Ordinal);
}

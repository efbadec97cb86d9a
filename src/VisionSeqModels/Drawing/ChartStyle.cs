using ScottPlot;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>What all charts have in common.</summary>
internal static class ChartStyle
{
    /// <summary>The colours of lines on white; see <see cref="ChartPalette"/>.</summary>
    public static readonly Color[] Colors = [.. ChartPalette.Light.Select(Color.FromHex)];

    /// <summary>The colour of bars.</summary>
    public static readonly Color Bars = Color.FromHex(ChartPalette.Bars);

    /// <summary>The colour of what a reader must not miss.</summary>
    public static readonly Color Warning = Colors[1];

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

    private static readonly LinePattern[] Patterns =
    [
        LinePattern.Solid,
        LinePattern.Dashed,
        LinePattern.Dotted,
        LinePattern.DenselyDashed,
    ];

    /// <summary>Gives a line colour and marker by its number; where colours repeat, the dashes change.</summary>
    public static void Apply(ScottPlot.Plottables.Scatter line, int number)
    {
        line.Color = Colors[number % Colors.Length];
        line.MarkerShape = Markers[number % Markers.Length];
        line.LinePattern = Patterns[number / Colors.Length % Patterns.Length];
    }

    public static Picture Render(Plot plot, int width, int height)
    {
        Clean(plot);
        using var image = plot.GetImage(width, height);
        return new Picture(width, height, image.GetImageBytes(ImageFormat.Png));
    }

    public static Picture Render(Multiplot panels, int width, int height)
    {
        Array.ForEach(panels.GetPlots(), Clean);
        using var image = panels.Render(width, height);
        return new Picture(width, height, image.GetImageBytes(ImageFormat.Png));
    }

    /// <summary>Titles and legends have users' names in them: without what is no letter of them.</summary>
    private static void Clean(Plot plot)
    {
        foreach (var item in plot.PlottableList.OfType<IHasLegendText>())
        {
            item.LegendText = PlainText.Of(item.LegendText);
        }

        plot.Axes.Title.Label.Text = PlainText.OfLines(plot.Axes.Title.Label.Text);
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.Label.Text = PlainText.OfLines(axis.Label.Text);
        }
    }

    /// <summary>Whether smaller values of a metric are better, as far as its name says.</summary>
    public static bool IsLowerBetter(string metric) =>
        metric.Contains("loss", StringComparison.Ordinal) || metric.Contains("error", StringComparison.Ordinal);
}

using ScottPlot;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Studies;

/// <summary>Small charts with the same axes in one picture, a chart a setting.</summary>
internal static class SmallCharts
{
    private const int Columns = 4;
    private const int Width = 300;
    private const int Height = 220;
    private const int LongestTitle = 40;

    public static Picture Draw(IReadOnlyList<(string Title, List<LineSeries> Lines)> charts, ChartRange range)
    {
        SkiaRuntime.EnsureAvailable();
        int columns = Math.Min(Columns, charts.Count), rows = (charts.Count + columns - 1) / columns;
        var panels = new Multiplot();
        panels.AddPlots(charts.Count);
        panels.Layout = new ScottPlot.MultiplotLayouts.Grid(rows, columns);
        for (int i = 0; i < charts.Count; i++)
        {
            Draw(panels.GetPlot(i), charts[i].Title, charts[i].Lines, range);
        }

        using var image = panels.Render(columns * Width, rows * Height);
        return new Picture(columns * Width, rows * Height, image.GetImageBytes(ImageFormat.Png));
    }

    private static void Draw(Plot plot, string title, List<LineSeries> lines, ChartRange range)
    {
        foreach (var line in lines)
        {
            var points = line.X.Zip(line.Y).Where(point => double.IsFinite(point.Second)).ToList();
            var drawn = plot.Add.Scatter(points.Select(point => point.First).ToArray(), points.Select(point => Math.Clamp(point.Second, range.Least, range.Most)).ToArray(), ChartStyle.Colors[0]);
            drawn.LineWidth = 2;
            drawn.MarkerSize = 0;
        }

        plot.Font.Set(SkiaRuntime.FontFamily);
        plot.Title(title.Length <= LongestTitle ? title : title[..(LongestTitle - 1)] + "…", 12);
        plot.Axes.SetLimits(range.First, range.Last, range.Least, range.Most);
        plot.Axes.Left.TickGenerator = Ticks(range.TicksY(5));
        plot.Axes.Bottom.TickGenerator = Ticks(range.TicksX(6));
    }

    private static ScottPlot.TickGenerators.NumericManual Ticks(IReadOnlyList<(double Value, string Text)> ticks) => new([.. ticks.Select(tick => tick.Value)], [.. ticks.Select(tick => tick.Text)]);
}

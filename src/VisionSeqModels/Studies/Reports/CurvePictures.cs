using ScottPlot;
using ScottPlot.MultiplotLayouts;
using ScottPlot.TickGenerators;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>The charts as PNG, for Markdown.</summary>
internal static class CurvePictures
{
    private const int Width = 900;
    private const int LegendUpTo = 16;
    private const int LongestTitle = 30;
    private static readonly LinePattern[] Patterns =
    [
        LinePattern.Solid,
        LinePattern.Dashed,
        LinePattern.Dotted,
        LinePattern.DenselyDashed,
    ];

    /// <summary>Draws all charts into a folder.</summary>
    /// <returns>Titles and file names.</returns>
    public static IReadOnlyList<(string Title, string File)> Write(StudyCurves charts, string folder)
    {
        SkiaRuntime.EnsureAvailable();
        var pictures = new List<(string Title, string File)>();
        void Save(string title, string name, Picture picture)
        {
            string file = Uri.EscapeDataString(name) + ".png"; // a name on every system, whatever a metric is called
            picture.SavePng(Path.Combine(folder, file));
            pictures.Add((title, file));
        }

        foreach (var (name, curves) in charts.Overlaid)
        {
            Save($"{DisplayText.Of(name)} by epoch", name, Overlaid(name, curves));
        }

        foreach (var (name, curves) in charts.BySetting)
        {
            Save(charts.SmallTitle(name), $"{name}_by_setting", ByItself(name, curves));
        }

        return pictures;
    }

    private static Picture Overlaid(string metric, IReadOnlyList<Curve> curves)
    {
        var plot = new Plot();
        var axes = CurveAxes.Of(metric, curves, 10, 6);
        Draw(plot, axes, curves, $"{DisplayText.Of(metric)}{axes.CutText}");
        plot.XLabel("epoch");
        if (curves.DistinctBy(curve => curve.Setting).Count() <= LegendUpTo)
        {
            plot.ShowLegend(Edge.Right);
        }
        else
        {
            plot.HideLegend();
        }

        return ChartStyle.Render(plot, Width, 460);
    }

    private static Picture ByItself(string metric, IReadOnlyList<Curve> curves)
    {
        var settings = curves.GroupBy(curve => curve.Setting).ToList();
        int columns = Math.Min(4, settings.Count),
            rows = (settings.Count + columns - 1) / columns;
        var axes = CurveAxes.Of(metric, curves, 4, 4);
        var plots = new Multiplot();
        plots.AddPlots(settings.Count);
        plots.Layout = new Grid(rows, columns);
        for (int i = 0; i < settings.Count; i++)
        {
            string title = settings[i].First().SettingName;
            Draw(plots.GetPlot(i), axes, [.. settings[i]], Short(title));
            plots.GetPlot(i).HideLegend();
            plots.GetPlot(i).Axes.Title.Label.FontSize = 12;
        }

        return ChartStyle.Render(plots, Width, 190 * rows);
    }

    private static void Draw(Plot plot, CurveAxes axes, IReadOnlyList<Curve> curves, string title)
    {
        plot.Font.Set(SkiaRuntime.FontFamily);
        plot.Title(title);
        var named = new HashSet<int>();
        foreach (var curve in curves)
        {
            var line = plot.Add.Scatter(
                curve.Points.Select(point => (double)point.Epoch).ToArray(),
                curve.Points.Select(point => point.Value).ToArray(),
                Color.FromHex(CurvePalette.Light[curve.Setting % CurvePalette.Light.Count])
            );
            line.LineWidth = 2;
            line.LinePattern = Patterns[curve.Setting / CurvePalette.Light.Count % SvgChart.DashCount];
            line.MarkerShape = ChartStyle.Markers[curve.Setting % ChartStyle.Markers.Length];
            line.MarkerSize = curve.Points.Count > 40 ? 0 : 5;
            line.LegendText = named.Add(curve.Setting) ? Short(curve.SettingName) : "";
        }

        double margin = 0.03 * (axes.Epochs.Last - axes.Epochs.First);
        plot.Axes.SetLimits(axes.Epochs.First - margin, axes.Epochs.Last + margin, axes.Values.First, axes.Values.Last);
        plot.Axes.Bottom.TickGenerator = Ticks(axes.Epochs);
        plot.Axes.Left.TickGenerator = Ticks(axes.Values);
    }

    private static string Short(string name) => name.Length <= LongestTitle ? name : name[..(LongestTitle - 1)] + "…";

    private static NumericManual Ticks(AxisTicks axis) => new([.. axis.Values], [.. axis.Values.Select(axis.Label)]);
}

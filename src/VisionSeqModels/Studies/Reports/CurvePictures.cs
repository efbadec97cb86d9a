using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>The charts as PNG, for Markdown.</summary>
internal static class CurvePictures
{
    private const int Width = 900;
    private const int WidthOfOne = 560; // side by side
    private static readonly string[] Order = ["train", "val", "test"];
    private const int LongestTitle = 30;

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

        foreach (var metric in charts.Overlaid.GroupBy(chart => StudyCurves.BaseOf(chart.Metric)))
        {
            List<(string Metric, IReadOnlyList<Curve> Curves)> sides =
            [
                .. metric.OrderBy(chart => Array.IndexOf(Order, chart.Metric.Split('_')[0])),
            ];
            string data = string.Join(" and ", sides.Select(side => StudyCurves.DataOf(side.Metric))),
                title = sides.Count == 1 ? DisplayText.Of(sides[0].Metric) : $"{DisplayText.Of(metric.Key)}, {data},";
            Save($"{title} by epoch", metric.First().Metric, SideBySide(metric.Key, sides));
        }

        foreach (var (name, curves) in charts.BySetting)
        {
            Save(charts.SmallTitle(name), $"{name}_by_setting", ByItself(name, curves));
        }

        return pictures;
    }

    /// <summary>A metric on all data that it is measured on, training first, each a chart with the same axes.</summary>
    private static Picture SideBySide(string metric, List<(string Metric, IReadOnlyList<Curve> Curves)> sides)
    {
        var axes = CurveAxes.Of(metric, [.. sides.SelectMany(side => side.Curves)], 8, 6);
        return ChartSheet.Draw(
            [.. sides.Select(side => Panel($"{DisplayText.Of(side.Metric)}{axes.CutText}", axes, side.Curves, legend: true))],
            sides.Count == 1 ? Width : WidthOfOne,
            440,
            sides.Count
        );
    }

    private static Picture ByItself(string metric, IReadOnlyList<Curve> curves)
    {
        var settings = curves.GroupBy(curve => curve.Setting).ToList();
        int columns = Math.Min(4, settings.Count);
        var axes = CurveAxes.Of(metric, curves, 4, 4);
        return ChartSheet.Draw(
            [.. settings.Select(setting => Panel(Short(setting.First().SettingName), axes, [.. setting], legend: false))],
            Width / columns,
            190,
            columns,
            "settings"
        );
    }

    private static ChartPanel Panel(string title, CurveAxes axes, IReadOnlyList<Curve> curves, bool legend) =>
        new()
        {
            Title = title,
            XTitle = legend ? "epoch" : "",
            X = Axis(axes.Epochs, 0.03),
            Y = Axis(axes.Values, 0),
            Items = [.. curves.Select(Item)],
            Legend = legend
                ?
                [
                    .. curves
                        .DistinctBy(curve => curve.Setting)
                        .Select(curve => LegendEntry.Line(Short(curve.SettingName), ChartLook.Of(curve.Setting))),
                ]
                : [],
        };

    private static Action<ChartPainter> Item(Curve curve)
    {
        double[] epochs = [.. curve.Points.Select(point => (double)point.Epoch)],
            values = [.. curve.Points.Select(point => point.Value)];
        return painter => painter.Line(epochs, values, ChartLook.Of(curve.Setting), curve.Setting);
    }

    private static ChartAxis Axis(AxisTicks axis, double margin)
    {
        double room = margin * (axis.Last - axis.First);
        return new ChartAxis(axis.First - room, axis.Last + room, [.. axis.Values.Select(value => (value, axis.Label(value)))]);
    }

    private static string Short(string name) => name.Length <= LongestTitle ? name : name[..(LongestTitle - 1)] + "…";
}

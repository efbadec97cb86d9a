using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>The charts as PNG, for Markdown.</summary>
internal static class CurvePictures
{
    private const int Width = 900;
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
        var axes = CurveAxes.Of(metric, curves, 10, 6);
        return ChartSheet.Draw([Panel($"{DisplayText.Of(metric)}{axes.CutText}", axes, curves, legend: true)], Width, 460, 1);
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

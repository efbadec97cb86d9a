using System.Globalization;
using ScottPlot;

namespace VisionSeqModels.Drawing;

/// <summary>Draws lines over one another.</summary>
public static class LineChart
{
    private const int MarkersUpTo = 40;

    /// <summary>Draws a line for each series, each with its own colour and marker; from the ninth on also with its own
    /// dashes.</summary>
    /// <param name="series">The lines; at least one.</param>
    /// <param name="options">Titles and size; null for the defaults.</param>
    /// <exception cref="ArgumentException">No line, or one with fewer values than places.</exception>
    public static Picture Draw(IReadOnlyList<LineSeries> series, LineChartOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        options ??= new LineChartOptions();
        options.Validate();
        if (series.Count == 0 || series.Any(line => line.X.Count != line.Y.Count))
        {
            throw new ArgumentException(
                "A line chart needs at least one line, each with a value for each place, but got "
                    + (
                        series.Count == 0
                            ? "none."
                            : $"{string.Join(", ", series.Select(line => $"{line.Name}: {line.X.Count} and {line.Y.Count}"))}."
                    ),
                nameof(series)
            );
        }

        SkiaRuntime.EnsureAvailable();
        var plot = new Plot();
        plot.Font.Set(SkiaRuntime.FontFamily);
        for (int i = 0; i < series.Count; i++)
        {
            Add(plot, series[i], i, options.LogarithmicY);
        }

        plot.Title(options.Title ?? "");
        plot.XLabel(options.XTitle ?? "");
        plot.YLabel(options.YTitle ?? "");
        if (options.LogarithmicY)
        {
            plot.Axes.Left.TickGenerator = Decades(series);
        }

        plot.Axes.Margins(horizontal: 0.04, vertical: 0.1);
        plot.ShowLegend(Edge.Right);
        return ChartStyle.Render(plot, options.Width, options.Height);
    }

    private static void Add(Plot plot, LineSeries series, int number, bool logarithmic)
    {
        var points = series
            .X.Zip(series.Y)
            .Where(point => double.IsFinite(point.Second) && (!logarithmic || point.Second > 0))
            .ToList();
        var line = plot.Add.Scatter(
            points.Select(point => point.First).ToArray(),
            points.Select(point => logarithmic ? Math.Log10(point.Second) : point.Second).ToArray()
        );
        ChartStyle.Apply(line, number);
        line.LineWidth = 2;
        line.MarkerSize = points.Count > MarkersUpTo ? 0 : 7;
        line.LegendText = series.Name;
    }

    /// <summary>A named tick at each power of ten, and over few of them at 2 and 5 times it; unnamed ones between.</summary>
    private static ScottPlot.TickGenerators.NumericManual Decades(IReadOnlyList<LineSeries> series)
    {
        double[] logs =
        [
            .. series
                .SelectMany(line => line.Y)
                .Where(value => double.IsFinite(value) && value > 0)
                .Select(Math.Log10)
                .DefaultIfEmpty(0),
        ];
        int first = (int)Math.Floor(logs.Min()),
            last = (int)Math.Ceiling(logs.Max());
        int step = Math.Max(1, (last - first) / 8);
        bool few = last - first <= 3;
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (int power = first; power <= last; power++)
        {
            for (int digit = 1; digit < 10 && (digit == 1 || step == 1); digit++)
            {
                double value = digit * Math.Pow(10, power);
                if ((power - first) % step == 0 && (digit == 1 || (few && digit is (2 or 5))))
                {
                    ticks.AddMajor(
                        Math.Log10(value),
                        value is >= 1e-4 and < 1e6
                            ? value.ToString("0.####", CultureInfo.InvariantCulture)
                            : value.ToString("0e0", CultureInfo.InvariantCulture)
                    );
                }
                else
                {
                    ticks.AddMinor(Math.Log10(value));
                }
            }
        }

        return ticks;
    }
}

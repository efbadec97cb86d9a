namespace VisionSeqModels.Drawing;

/// <summary>Draws lines over one another.</summary>
public static class LineChart
{
    private const double LargestWhole = 1e6;

    /// <summary>Draws a line for each series, each with its own colour and marker; from the ninth on also with its own
    /// dashes. NaN and infinite values are marked by crosses at the axis, and the legend says how many there are.</summary>
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
        var panel = new ChartPanel
        {
            Title = options.Title ?? "",
            XTitle = options.XTitle ?? "",
            YTitle = options.YTitle ?? "",
            X = Horizontal([.. series.SelectMany(line => line.X).Where(double.IsFinite)]),
            Y = options.LogarithmicY
                ? ChartAxis.Logarithmic(series.SelectMany(line => line.Y))
                : ChartAxis.Around(series.SelectMany(line => line.Y)),
            Items = [.. series.Select((line, i) => Item(line, i, options.LogarithmicY))],
            Legend =
            [
                .. series.Select((line, i) => LegendEntry.Line(line.Name, ChartLook.Of(i))),
                .. series.SelectMany(line => NotFinite.Of(line.Y).Entries(line.Name)),
                .. options.LogarithmicY ? series.SelectMany(NotPositive) : [],
            ],
        };
        return ChartSheet.Draw([panel], options.Width, options.Height, columns: 1);
    }

    /// <summary>Whole places, such as steps and epochs, have ticks at whole numbers only, and an axis that begins at the
    /// first.</summary>
    private static ChartAxis Horizontal(double[] places) =>
        places.Length > 0 && places.All(place => place == Math.Round(place) && Math.Abs(place) <= LargestWhole)
            ? ChartAxis.OfWhole(places.Min(), places.Max())
            : ChartAxis.Around(places, 8);

    private static Action<ChartPainter> Item(LineSeries series, int number, bool logarithmic)
    {
        double[] y = logarithmic
            ? [.. series.Y.Select(value => value > 0 && double.IsFinite(value) ? Math.Log10(value) : double.NaN)]
            : [.. series.Y];
        return painter =>
        {
            painter.Line(series.X, y, ChartLook.Of(number), number);
            painter.NotFinite(series.X, series.Y);
        };
    }

    private static IEnumerable<LegendEntry> NotPositive(LineSeries series) =>
        series.Y.Count(value => value <= 0 && double.IsFinite(value)) is var count and > 0
            ? [LegendEntry.Plain($"{series.Name}: {NotFinite.Text(count, series.Y.Count, "not above 0")}")]
            : [];
}

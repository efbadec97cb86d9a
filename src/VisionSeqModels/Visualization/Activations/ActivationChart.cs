using System.Globalization;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>A pair of panels for each layer: distribution (counts on a logarithmic axis) and channels. Many layers stand in
/// several pairs of columns.</summary>
internal sealed class ActivationChart(ActivationStatistics statistics, PictureLimit? limit = null)
{
    private const int PanelWidth = 620;
    private const int PanelHeight = 340;
    private const int RowsUpTo = 24;

    private readonly PictureLimit _limit = limit ?? PictureLimit.Default;

    public Picture Draw()
    {
        int pairs = (statistics.Layers.Count + RowsUpTo - 1) / RowsUpTo;
        var (rows, columns) = _limit.Table((RowsUpTo, PanelHeight, 0), (pairs, 2 * PanelWidth, 0));
        int most = rows * columns;
        var layers = statistics.Layers;
        if (layers.Count > most)
        {
            var worst = layers.OrderByDescending(NotFiniteFraction).ThenByDescending(layer => layer.DeadFraction).Take(most);
            layers = [.. layers.Intersect(worst)];
        }

        string? note =
            layers.Count == statistics.Layers.Count
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{layers.Count:n0} of {statistics.Layers.Count:n0} layers are shown: those with the most values that are "
                        + $"not finite, then the most dead channels"
                );
        return ChartSheet.Draw(
            [.. layers.SelectMany((layer, i) => new[] { Distribution(layer, i == 0 ? note : null), Channels(layer) })],
            PanelWidth,
            PanelHeight,
            2 * Math.Min(columns, (layers.Count + rows - 1) / rows),
            "panels",
            _limit
        );
    }

    private ChartPanel Distribution(LayerStatistics layer, string? note)
    {
        var (all, histogram) = (layer.All, layer.All.Histogram);
        var mean = ChartLook.Of(0);
        double last = histogram.LowerEdge(histogram.Counts.Count);
        return new ChartPanel
        {
            Title = Text($"{layer.Title}: {statistics.SampleCount:n0} images of {statistics.Source}"),
            Notes = note is null ? [] : [note],
            XTitle = "activation",
            YTitle = "values in bin",
            X = ChartAxis.Around(histogram.Counts.Count == 0 ? [] : [histogram.LowerEdge(0), last], 6),
            Y = ChartAxis.Counts(histogram.Counts.DefaultIfEmpty().Max()),
            Items =
            [
                painter =>
                {
                    for (int bin = 0; bin < histogram.Counts.Count; bin++)
                    {
                        double middle = histogram.LowerEdge(bin) + (histogram.BinWidth / 2);
                        painter.Bar(middle, histogram.BinWidth, Math.Log10(1 + histogram.Counts[bin]), ChartInk.Bars);
                    }

                    painter.Vertical(all.Mean, mean);
                },
            ],
            Legend =
            [
                LegendEntry.Line(Text($"mean {Number(all.Mean)}, standard deviation {Number(all.StandardDeviation)}"), mean),
                LegendEntry.Plain(
                    Text($"zeros {100 * all.ZeroFraction:0.#} %, range {Number(all.Minimum)} to {Number(all.Maximum)}")
                ),
                .. NotFiniteText(all),
            ],
        };
    }

    private static ChartPanel Channels(LayerStatistics layer)
    {
        var channels = layer.Channels.Index().Where(channel => channel.Item.Count > 0).ToList();
        int dead = layer.Channels.Count(channel => channel.IsDead),
            ill = layer.Channels.Count(channel => channel.NonFiniteCount > 0);
        return new ChartPanel
        {
            Title = $"{layer.Title}: mean ± standard deviation by channel",
            XTitle = "channel",
            YTitle = "activation",
            X = ChartAxis.OfWhole(0, layer.Channels.Count - 1, 12).Widened(0.6), // half a bar at both ends
            Y = ChartAxis.Around(
                channels
                    .SelectMany(channel =>
                        new[]
                        {
                            channel.Item.Mean - channel.Item.StandardDeviation,
                            channel.Item.Mean + channel.Item.StandardDeviation,
                        }
                    )
                    .Append(0)
            ),
            Items =
            [
                painter =>
                {
                    foreach (var (i, values) in channels)
                    {
                        painter.Bar(i, 0.7, values.Mean, values.IsDead ? ChartInk.Warning : ChartInk.Bars);
                        painter.Deviation(i, values.Mean, values.StandardDeviation);
                    }

                    foreach (var (i, values) in layer.Channels.Index().Where(channel => channel.Item.NonFiniteCount > 0))
                    {
                        painter.NotFinite([i], [double.NaN]);
                    }
                },
            ],
            Legend =
            [
                LegendEntry.Area(
                    Text($"dead channels: {dead} of {layer.Channels.Count} ({100 * layer.DeadFraction:0.#} %)"),
                    dead > 0 ? ChartInk.Warning : ChartInk.Bars
                ),
                .. ill > 0
                    ?
                    [
                        LegendEntry.Cross(
                            Text($"{ill} of {layer.Channels.Count} channels have values that are NaN or infinite"),
                            ColorMaps.NotANumber
                        ),
                    ]
                    : Array.Empty<LegendEntry>(),
            ],
        };
    }

    private static IEnumerable<LegendEntry> NotFiniteText(ChannelStatistics values) =>
        values.NonFiniteCount == 0
            ? []
            :
            [
                LegendEntry.Area(
                    NotFinite.Text(values.NonFiniteCount, values.Count + values.NonFiniteCount, "NaN or infinite"),
                    ColorMaps.NotANumber
                ),
            ];

    private static double NotFiniteFraction(LayerStatistics layer) =>
        layer.All.NonFiniteCount / Math.Max(1.0, layer.All.Count + layer.All.NonFiniteCount);

    private static string Number(double value) => double.IsFinite(value) ? ColorBar.Text(value) : "NaN";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

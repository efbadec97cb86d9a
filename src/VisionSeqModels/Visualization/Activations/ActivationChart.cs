using System.Globalization;
using ScottPlot;
using ScottPlot.MultiplotLayouts;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>A row of two panels for each layer: distribution (counts on a logarithmic axis) and channels.</summary>
internal sealed class ActivationChart(ActivationStatistics statistics)
{
    private const int PanelWidth = 620;
    private const int PanelHeight = 340;

    public Picture Draw()
    {
        var panels = new Multiplot();
        panels.AddPlots(statistics.Layers.Count * 2);
        panels.Layout = new Grid(rows: statistics.Layers.Count, columns: 2);
        for (int i = 0; i < statistics.Layers.Count; i++)
        {
            DrawDistribution(panels.GetPlot(2 * i), statistics.Layers[i]);
            DrawChannels(panels.GetPlot((2 * i) + 1), statistics.Layers[i]);
        }

        return ChartStyle.Render(panels, 2 * PanelWidth, PanelHeight * statistics.Layers.Count);
    }

    private void DrawDistribution(Plot plot, LayerStatistics layer)
    {
        var histogram = layer.All.Histogram;
        for (int bin = 0; bin < histogram.Counts.Count; bin++)
        {
            if (histogram.Counts[bin] > 0)
            {
                var bar = plot.Add.Bar(
                    position: histogram.LowerEdge(bin) + (histogram.BinWidth / 2),
                    value: Math.Log10(1 + histogram.Counts[bin])
                );
                bar.Color = ChartStyle.Bars;
                bar.Bars[0].Size = histogram.BinWidth;
                bar.Bars[0].LineWidth = 0;
            }
        }

        var mean = plot.Add.VerticalLine(layer.All.Mean, 2, ChartStyle.Colors[0]);
        mean.LegendText = Text($"mean {layer.All.Mean:0.###}, standard deviation {layer.All.StandardDeviation:0.###}");
        plot.Add.Legend(
            Text($"zeros {100 * layer.All.ZeroFraction:0.#} %, range {layer.All.Minimum:0.##} to {layer.All.Maximum:0.##}")
        );
        if (layer.All.NonFiniteCount > 0)
        {
            plot.Add.Legend(Text($"not finite: {layer.All.NonFiniteCount:n0}"));
        }

        plot.Font.Set(SkiaRuntime.FontFamily);
        plot.Title(Text($"{layer.Title}: {statistics.SampleCount:n0} images of {statistics.Source}"));
        plot.XLabel("activation");
        plot.YLabel("values in bin");
        plot.Axes.Left.TickGenerator = PowersOfTen(histogram.Counts.DefaultIfEmpty().Max());
        plot.Axes.SetLimitsY(0, Math.Log10(1 + histogram.Counts.DefaultIfEmpty().Max()) * 1.35); // room for the legend
        plot.ShowLegend(Alignment.UpperRight);
    }

    private static void DrawChannels(Plot plot, LayerStatistics layer)
    {
        for (int channel = 0; channel < layer.Channels.Count; channel++)
        {
            var values = layer.Channels[channel];
            if (values.Count == 0)
            {
                continue;
            }

            var bar = plot.Add.Bar(position: channel, value: values.Mean);
            bar.Color = values.IsDead ? ChartStyle.Warning : ChartStyle.Bars;
            bar.Bars[0].Size = 0.7;
            bar.Bars[0].LineWidth = 0;
            plot.Add.ErrorBar([channel], [values.Mean], [values.StandardDeviation]).Color = Colors.Gray;
        }

        int dead = layer.Channels.Count(channel => channel.IsDead);
        plot.Add.Legend(
            Text($"dead channels: {dead} of {layer.Channels.Count} ({100 * layer.DeadFraction:0.#} %)"),
            dead > 0 ? ChartStyle.Warning : ChartStyle.Bars
        );
        plot.Font.Set(SkiaRuntime.FontFamily);
        plot.Title($"{layer.Title}: mean ± standard deviation by channel");
        plot.XLabel("channel");
        plot.YLabel("activation");
        plot.Axes.Bottom.TickGenerator = Channels(layer.Channels.Count);
        plot.Axes.Margins(horizontal: 0.03, vertical: 0.1);
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsY(limits.Bottom, limits.Top + (0.2 * (limits.Top - limits.Bottom))); // room for the legend
        plot.ShowLegend(Alignment.UpperRight);
    }

    private static ScottPlot.TickGenerators.NumericManual PowersOfTen(long most)
    {
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        ticks.AddMajor(0, "0");
        for (long power = 10; power <= most && power > 0; power *= 10)
        {
            ticks.AddMajor(Math.Log10(1 + power), power.ToString("n0", CultureInfo.InvariantCulture));
        }

        return ticks;
    }

    private static ScottPlot.TickGenerators.NumericManual Channels(int count)
    {
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        int step = Math.Max(1, (int)Math.Ceiling(count / 16.0));
        for (int channel = 0; channel < count; channel += step)
        {
            ticks.AddMajor(channel, channel.ToString(CultureInfo.InvariantCulture));
        }

        return ticks;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using ScottPlot;
using ScottPlot.MultiplotLayouts;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>One panel for each metric: loss, accuracy, further metrics.</summary>
internal sealed class LearningCurvesDrawing(IReadOnlyDictionary<string, TrainingHistory> histories, LearningCurvesOptions options)
{
    private static readonly int[] TickSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    private bool Single => histories.Count == 1;

    public Picture Draw()
    {
        string[] metrics = [.. histories.Values.SelectMany(history => history.MetricNames).Select(NameOf).Distinct()];
        var panels = new Multiplot();
        panels.AddPlots(metrics.Length);
        panels.Layout = new Columns();
        for (int i = 0; i < metrics.Length; i++)
        {
            DrawPanel(panels.GetPlot(i), metrics[i]);
        }

        return ChartStyle.Render(panels, options.PanelWidth * metrics.Length, options.Height);
    }

    private void DrawPanel(Plot plot, string metric)
    {
        int run = 0;
        foreach (var (name, history) in histories)
        {
            var test = Points(history, "test_" + metric);
            var validation = Points(history, "val_" + metric);
            var train = Points(history, "train_" + metric);
            var color = ChartStyle.Colors[run % ChartStyle.Colors.Length];
            var other = Single ? ChartStyle.Colors[1] : color;
            AddLine(
                plot,
                train,
                Single ? "train"
                    : test.Epochs.Length + validation.Epochs.Length == 0 ? name
                    : null,
                color,
                Single ? LinePattern.Solid : LinePattern.Dashed,
                MarkerShape.FilledCircle
            );
            AddLine(
                plot,
                validation,
                Single ? "validation"
                    : test.Epochs.Length == 0 ? name
                    : null,
                Single ? ChartStyle.Colors[2] : color,
                LinePattern.Dotted,
                MarkerShape.FilledDiamond
            );
            AddLine(plot, test, Single ? "test" : name, other, LinePattern.Solid, MarkerShape.FilledSquare);
            if (Single)
            {
                bool validated = validation.Epochs.Length > 0; // the set that decides
                MarkBest(
                    plot,
                    validated ? validation : test,
                    metric,
                    validated ? "validation" : "test",
                    validated ? ChartStyle.Colors[2] : other
                );
            }

            run++;
        }

        plot.Font.Set(SkiaRuntime.FontFamily);
        plot.Title(Title(metric));
        plot.XLabel("epoch");
        plot.Axes.Bottom.TickGenerator = WholeEpochs();
        plot.Axes.Margins(horizontal: 0.05, vertical: 0.12);
        plot.ShowLegend(metric.Contains("loss", StringComparison.Ordinal) ? Alignment.UpperRight : Alignment.LowerRight);
    }

    private static void AddLine(
        Plot plot,
        (double[] Epochs, double[] Values) points,
        string? legend,
        Color color,
        LinePattern pattern,
        MarkerShape marker
    )
    {
        if (points.Epochs.Length == 0)
        {
            return;
        }

        var line = plot.Add.Scatter(points.Epochs, points.Values, color);
        line.LineWidth = 2;
        line.LinePattern = pattern;
        line.MarkerShape = marker;
        line.MarkerSize = points.Epochs.Length > 40 ? 0 : 6;
        line.LegendText = legend ?? "";
    }

    private static void MarkBest(Plot plot, (double[] Epochs, double[] Values) points, string metric, string role, Color color)
    {
        if (points.Values.Length == 0)
        {
            return;
        }

        bool lower = ChartStyle.IsLowerBetter(metric);
        int best = Array.IndexOf(points.Values, lower ? points.Values.Min() : points.Values.Max());
        var marker = plot.Add.Marker(points.Epochs[best], points.Values[best], MarkerShape.OpenCircle, 14, color);
        marker.LineWidth = 2;
        marker.LegendText = string.Create(
            CultureInfo.InvariantCulture,
            $"best {role}: {points.Values[best]:0.####} (epoch {points.Epochs[best]:0})"
        );
    }

    /// <summary>Values that are not finite are left out.</summary>
    private static (double[] Epochs, double[] Values) Points(TrainingHistory history, string metric)
    {
        var points = history.Epochs.Where(epoch => epoch[metric] is double value && double.IsFinite(value)).ToArray();
        return ([.. points.Select(epoch => (double)epoch.Epoch)], [.. points.Select(epoch => epoch[metric]!.Value)]);
    }

    private ScottPlot.TickGenerators.NumericManual WholeEpochs()
    {
        int last = histories.Values.Max(history => history.Epochs[^1].Epoch);
        int step = TickSteps.FirstOrDefault(step => last / step <= 12, Math.Max(1, last / 10));
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (int epoch = step; epoch <= last; epoch += step)
        {
            ticks.AddMajor(epoch, epoch.ToString(CultureInfo.InvariantCulture));
        }

        return ticks;
    }

    private static string NameOf(string metric) => metric[(metric.IndexOf('_', StringComparison.Ordinal) + 1)..];

    private static string Title(string metric) => char.ToUpperInvariant(metric[0]) + metric[1..].Replace('_', ' ');
}

using System.Globalization;
using ScottPlot;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>How the values of one parameter, or of its gradient, are distributed.</summary>
public sealed record ParameterHistogram
{
    private const int PanelWidth = 330;
    private const int PanelHeight = 230;

    /// <summary>The parameter's name, for example <c>conv1.weight</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How many values are finite; only these are counted.</summary>
    public required long Count { get; init; }

    /// <summary>Values that are NaN or infinite.</summary>
    public required long NonFiniteCount { get; init; }

    /// <summary>The mean; 0 without a finite value.</summary>
    public required double Mean { get; init; }

    /// <summary>The standard deviation (of the population: divided by the count); 0 without a finite value.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>The largest magnitude m: the bins go from −m to m.</summary>
    public required double LargestMagnitude { get; init; }

    /// <summary>The values in each bin, from −m to m; all bins have the same width.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    internal static ParameterHistogram Of(string name, double[] all, int binCount)
    {
        double[] values = [.. all.Where(double.IsFinite)];
        double largest = Math.Max(values.Select(Math.Abs).DefaultIfEmpty(0).Max(), 1e-30),
            width = 2 * largest / binCount,
            mean = values.DefaultIfEmpty(0).Average();
        long[] counts = new long[binCount];
        foreach (double value in values)
        {
            counts[Math.Min(binCount - 1, (int)((value + largest) / width))]++;
        }

        return new ParameterHistogram
        {
            Name = name,
            Count = values.Length,
            NonFiniteCount = all.Length - values.Length,
            Mean = mean,
            StandardDeviation = Math.Sqrt(values.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty(0).Average()),
            LargestMagnitude = largest,
            Counts = counts,
        };
    }

    internal Picture Draw()
    {
        var plot = new Plot();
        plot.Font.Set(SkiaRuntime.FontFamily);
        double width = 2 * LargestMagnitude / Counts.Count;
        var bars = plot.Add.Bars(
            Counts.Select((_, i) => -LargestMagnitude + ((i + 0.5) * width)),
            Counts.Select(count => (double)count)
        );
        foreach (var bar in bars.Bars)
        {
            bar.Size = width;
            bar.LineWidth = 0;
            bar.FillColor = ChartStyle.Bars;
        }

        string notFinite =
            NonFiniteCount > 0 ? string.Create(CultureInfo.InvariantCulture, $", {NonFiniteCount:n0} not finite") : "";
        plot.Title(string.Create(CultureInfo.InvariantCulture, $"{Name} ({Count:n0}{notFinite})"), size: 13);
        plot.XLabel($"mean {ColorBar.Text(Mean)}, deviation {ColorBar.Text(StandardDeviation)}", size: 11);
        plot.Axes.Margins(bottom: 0);
        return ChartStyle.Render(plot, PanelWidth, PanelHeight);
    }
}

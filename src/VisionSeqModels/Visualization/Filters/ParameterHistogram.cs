using System.Globalization;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>How the values of one parameter, or of its gradient, are distributed.</summary>
public sealed record ParameterHistogram
{
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

    internal ChartPanel Panel()
    {
        double width = 2 * LargestMagnitude / Counts.Count;
        long all = Count + NonFiniteCount;
        return new ChartPanel
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"{Name} ({all:n0})"),
            XTitle = $"mean {ColorBar.Text(Mean)}, deviation {ColorBar.Text(StandardDeviation)}",
            X = ChartAxis.Around([-LargestMagnitude, LargestMagnitude], 4),
            Y = ChartAxis.Around(Counts.Select(count => (double)count).Append(0), 4),
            Items =
            [
                painter =>
                {
                    for (int bin = 0; bin < Counts.Count; bin++)
                    {
                        painter.Bar(-LargestMagnitude + ((bin + 0.5) * width), width, Counts[bin], ChartInk.Bars);
                    }
                },
            ],
            Legend =
                NonFiniteCount == 0
                    ? []
                    : [LegendEntry.Area(NotFinite.Text(NonFiniteCount, all, "NaN or infinite"), ColorMaps.NotANumber)],
        };
    }

    /// <summary>How far from ordinary: parameters with values that are not finite come first, then those with the largest
    /// values.</summary>
    internal (double NotFinite, double Largest) Severity =>
        ((double)NonFiniteCount / Math.Max(1, Count + NonFiniteCount), LargestMagnitude);
}

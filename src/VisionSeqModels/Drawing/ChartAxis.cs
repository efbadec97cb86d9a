using System.Globalization;

namespace VisionSeqModels.Drawing;

/// <summary>An axis of a chart: its ends and its ticks, three labelled ones at least.</summary>
/// <param name="First">The value at its beginning.</param>
/// <param name="Last">The value at its end.</param>
/// <param name="Ticks">Places and labels, within the ends.</param>
internal sealed record ChartAxis(double First, double Last, IReadOnlyList<(double Value, string Label)> Ticks)
{
    private const double Largest = 1e300;

    /// <summary>An axis with ticks at round numbers that begins and ends at ticks.</summary>
    public static ChartAxis Around(IEnumerable<double> values, int ticks = 5)
    {
        var (least, most) = Ends(values);
        return Of(AxisTicks.Around(least, most, ticks));
    }

    /// <summary>An axis of whole numbers, with a margin at its ends.</summary>
    public static ChartAxis OfWhole(double first, double last, int ticks = 8, double margin = 0.03)
    {
        var axis = Of(AxisTicks.OfWhole(first, last, ticks));
        double room = margin * (axis.Last - axis.First);
        return axis with { First = axis.First - room, Last = axis.Last + room };
    }

    /// <summary>The axis with so much more room at both ends.</summary>
    public ChartAxis Widened(double room) => this with { First = First - room, Last = Last + room };

    /// <summary>An axis of the logarithms (base 10) of positive values.</summary>
    public static ChartAxis Logarithmic(IEnumerable<double> values)
    {
        var (least, most) = Ends(values.Where(value => value > 0).Select(Math.Log10));
        var axis = ChartDecades.Of(least, most);
        return axis.Ticks.Count >= 3 ? axis : ChartDecades.Between(least, most);
    }

    /// <summary>An axis of counts as log10(1 + count), from 0.</summary>
    /// <param name="most">The largest count.</param>
    /// <param name="room">The room above it, as a fraction.</param>
    public static ChartAxis Counts(long most, double room = 0.05)
    {
        int[] digits = most >= 100 ? [1] : [1, 2, 5];
        List<long> counts = [0];
        for (long power = most >= 100 ? 10 : 1; power > 0 && power <= most; power *= 10)
        {
            counts.AddRange(digits.Select(digit => digit * power).Where(count => count <= most));
        }

        counts = counts.Count < 3 ? [0, 1, 2] : counts;
        double last = Math.Log10(1 + Math.Max(most, counts[^1])) * (1 + room);
        return new ChartAxis(
            0,
            last,
            [.. counts.Select(count => (Math.Log10(1 + count), count.ToString("n0", CultureInfo.InvariantCulture)))]
        );
    }

    private static ChartAxis Of(AxisTicks axis) =>
        new(axis.First, axis.Last, [.. axis.Values.Select(value => (value, axis.Label(value)))]);

    private static (double Least, double Most) Ends(IEnumerable<double> values)
    {
        (double least, double most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values.Where(double.IsFinite))
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        return least > most ? (0, 1) : (Math.Max(least, -Largest), Math.Min(most, Largest));
    }
}

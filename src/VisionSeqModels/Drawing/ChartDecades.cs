using System.Globalization;

namespace VisionSeqModels.Drawing;

/// <summary>The ticks of a logarithmic axis.</summary>
internal static class ChartDecades
{
    private const int Most = 8;

    /// <summary>Ticks at powers of ten; over few of them at 2 and 5 times each, too.</summary>
    public static ChartAxis Of(double least, double most)
    {
        double margin = Math.Max(0.04 * (most - least), 0.02);
        (double first, double last) = (least - margin, most + margin);
        int from = (int)Math.Floor(first),
            to = (int)Math.Ceiling(last),
            step = Math.Max(1, (int)Math.Ceiling((to - from) / (double)Most));
        int[] digits = last - first <= 3 ? [1, 2, 5] : [1];
        var ticks = Enumerable
            .Range(from, to - from + 1)
            .Where(power => power % step == 0)
            .SelectMany(power => digits.Select(digit => digit * Math.Pow(10, power)))
            .Where(value => Math.Log10(value) >= first && Math.Log10(value) <= last);
        return new ChartAxis(first, last, [.. ticks.Select(value => (Math.Log10(value), Label(value)))]);
    }

    /// <summary>Ticks at round numbers, for values so near each other that fewer than three of <see cref="Of"/> lie between
    /// them.</summary>
    public static ChartAxis Between(double least, double most)
    {
        var axis = AxisTicks.Around(Math.Pow(10, least), Math.Pow(10, most), 4);
        var ticks = axis.Values.Where(value => value > 0).Select(value => (Math.Log10(value), axis.Label(value))).ToList();
        return new ChartAxis(Math.Min(least, ticks[0].Item1), Math.Max(most, ticks[^1].Item1), ticks);
    }

    private static string Label(double value) =>
        value is >= 1e-4 and < 1e6
            ? value.ToString("0.####", CultureInfo.InvariantCulture)
            : value.ToString("0e0", CultureInfo.InvariantCulture);
}

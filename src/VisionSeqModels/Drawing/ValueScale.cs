using System.Globalization;

namespace VisionSeqModels.Drawing;

/// <summary>Which values become the ends of a colour map, and by what rule they were found. Pictures drawn with the same
/// scale can be compared.</summary>
public sealed record ValueScale
{
    private readonly double _flat; // the position of everything where all values are one

    private ValueScale(double minimum, double maximum, string mode, double flat = 0)
    {
        (Minimum, Maximum, Mode, _flat) = (minimum, maximum, mode, flat);
        (MinimumText, MaximumText) = (ColorBar.Text(minimum), ColorBar.Text(maximum));
    }

    /// <summary>The value at the map's beginning.</summary>
    public double Minimum { get; }

    /// <summary>The value at the map's end.</summary>
    public double Maximum { get; }

    /// <summary>The rule, as text; it is written on pictures.</summary>
    public string Mode { get; }

    /// <summary>What stands at the beginning of a colour bar.</summary>
    internal string MinimumText { get; private init; }

    /// <summary>What stands at its end.</summary>
    internal string MaximumText { get; private init; }

    /// <summary>Stands for the scales of several tiles, each symmetric about 0 by itself.</summary>
    internal static ValueScale EachSymmetric { get; } =
        new(-1, 1, "m is the largest magnitude of each by itself", flat: 0.5) { MinimumText = "−m", MaximumText = "m" };

    /// <summary>Stands for the scales of several tiles, each from its own minimum to its own maximum.</summary>
    internal static ValueScale EachMinMax { get; } =
        new(0, 1, "minimum to maximum of each by itself") { MinimumText = "minimum", MaximumText = "maximum" };

    /// <summary>From −m to m, where m is the largest magnitude: zero is the middle of the map.</summary>
    /// <param name="values">The values; those that are not finite do not count.</param>
    public static ValueScale Symmetric(IEnumerable<double> values)
    {
        double largest = Finite(values).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return new ValueScale(-largest, largest, "symmetric about 0", flat: 0.5);
    }

    /// <summary>From the smallest value to the largest.</summary>
    /// <inheritdoc cref="Symmetric"/>
    public static ValueScale MinMax(IEnumerable<double> values)
    {
        double[] finite = [.. Finite(values)];
        return finite.Length == 0
            ? new ValueScale(0, 0, "minimum to maximum")
            : new ValueScale(finite.Min(), finite.Max(), "minimum to maximum");
    }

    /// <summary>From 0 (or −m where there are negative values) to m, the magnitude up to which a fraction of the sum of all
    /// magnitudes lies; larger ones are cut off.</summary>
    /// <param name="values">The values; those that are not finite do not count.</param>
    /// <param name="fraction">Default 0.98; above 0, at most 1.</param>
    public static ValueScale Percentile(IEnumerable<double> values, double fraction = 0.98)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fraction, 1);
        double[] finite = [.. Finite(values)];
        double[] magnitudes = [.. finite.Select(Math.Abs).Order()];
        double wanted = fraction * magnitudes.Sum(),
            sum = 0;
        double limit = magnitudes.FirstOrDefault(magnitude => (sum += magnitude) >= wanted);
        string mode = string.Create(CultureInfo.InvariantCulture, $"cut off at {fraction:0.##%} of the sum");
        return new ValueScale(finite.Any(value => value < 0) ? -limit : 0, limit, mode);
    }

    /// <summary>From one value to another.</summary>
    /// <param name="minimum">The value at the map's beginning; finite.</param>
    /// <param name="maximum">The value at its end; finite, at least the minimum.</param>
    public static ValueScale Fixed(double minimum, double maximum) =>
        double.IsFinite(minimum) && double.IsFinite(maximum) && minimum <= maximum
            ? new ValueScale(minimum, maximum, "fixed")
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A scale needs two finite numbers, the smaller first, but got {minimum} and {maximum}."
                )
            );

    /// <summary>Where on the map a value lies: 0 at its beginning, 1 at its end; values beyond are cut off, NaN stays
    /// NaN.</summary>
    /// <param name="value">The value.</param>
    public double Position(double value)
    {
        if (double.IsNaN(value))
        {
            return double.NaN;
        }

        double span = Maximum - Minimum;
        return span > 0 ? Math.Clamp((value - Minimum) / span, 0, 1) : _flat;
    }

    private static IEnumerable<double> Finite(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Where(double.IsFinite);
    }
}

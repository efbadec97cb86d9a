using System.Globalization;

namespace VisionSeqModels.Drawing;

/// <summary>An axis with ticks at round numbers: steps of 1, 2 or 5 times a power of ten, each with its own label, and
/// three of them at least.</summary>
/// <param name="First">Where the axis begins.</param>
/// <param name="Last">Where it ends.</param>
/// <param name="Step">How far ticks are apart.</param>
internal sealed record AxisTicks(double First, double Last, double Step)
{
    private const double Largest = 1e300;
    private const double LargestPlain = 1e6;
    private const int MostDecimals = 6;
    private const int LeastTicks = 3;
    private const double Nearly = 1e-6; // 0.95 is a tick, though 0.95 / 0.002 is a little below 475

    /// <summary>An axis that begins and ends at ticks and holds the values.</summary>
    public static AxisTicks Around(double least, double most, int count)
    {
        (least, most) = (Math.Clamp(least, -Largest, Largest), Math.Clamp(most, -Largest, Largest));
        double size = Math.Max(Math.Abs(least), Math.Abs(most));
        if (most - least <= size * Nearly || size < 1 / Largest)
        {
            double margin = size < 1 / Largest ? 1 : size * 0.1;
            (least, most) = (least - margin, most + margin);
        }

        AxisTicks axis;
        do
        {
            double step = Round((most - least) / count);
            axis = new AxisTicks(Math.Floor((least / step) + Nearly) * step, Math.Ceiling((most / step) - Nearly) * step, step);
            count++;
        } while (axis.Values.Count < LeastTicks);
        return axis;
    }

    /// <summary>An axis from one whole number to another, with ticks at whole numbers only; one of less than two steps begins
    /// or ends further out.</summary>
    public static AxisTicks OfWhole(double first, double last, int count)
    {
        (first, last) = (first > 0 && last - first < 2 ? first - 1 : first, Math.Max(last, first + 1));
        last = Math.Max(last, first + 2);
        AxisTicks axis;
        do
        {
            axis = new AxisTicks(first, last, Math.Max(1, Round((last - first) / count)));
            count++;
        } while (axis.Values.Count < LeastTicks && axis.Step > 1);
        return axis;
    }

    /// <summary>The ticks' places.</summary>
    public IReadOnlyList<double> Values
    {
        get
        {
            double from = Math.Ceiling((First / Step) - Nearly),
                to = Math.Floor((Last / Step) + Nearly);
            return [.. Enumerable.Range(0, (int)(to - from) + 1).Select(i => (from + i) * Step)];
        }
    }

    /// <summary>The label of a tick, with as many decimals as the step has.</summary>
    public string Label(double value)
    {
        double largest = Math.Max(Math.Abs(First), Math.Abs(Last));
        int decimals = Math.Max(0, -Exponent(Step));
        if (Math.Abs(value) < Step / 2)
        {
            return "0";
        }

        return largest < LargestPlain && decimals <= MostDecimals
            ? value.ToString($"F{decimals}", CultureInfo.InvariantCulture)
            : value.ToString(
                $"0.{new string('0', Math.Max(0, Exponent(largest) - Exponent(Step)))}e0",
                CultureInfo.InvariantCulture
            );
    }

    /// <summary>The smallest 1, 2 or 5 times a power of ten that is not below a number.</summary>
    private static double Round(double step)
    {
        double power = Math.Pow(10, Exponent(step));
        double digit = step / power;
        return power
            * (
                digit <= 1.000001 ? 1
                : digit <= 2.000001 ? 2
                : digit <= 5.000001 ? 5
                : 10
            );
    }

    private static int Exponent(double value) => value <= 0 ? 0 : (int)Math.Floor(Math.Log10(value) + 1e-9);
}

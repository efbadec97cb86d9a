using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>How the values of a metric are written, their differences and p-values: the same everywhere.</summary>
internal static class MetricFormat
{
    /// <summary>The level of all tests.</summary>
    public const double Level = 0.05;

    /// <summary>Four decimals, or powers of ten where these say nothing.</summary>
    /// <param name="scale">The size of the values.</param>
    public static string Of(double scale) => DisplayText.NumberFormat(scale);

    public static string Value(double value) => Value(value, Of(value));

    public static string Value(double value, string format)
    {
        string text = value.ToString(format, CultureInfo.InvariantCulture);
        return text.TrimStart('-').All(letter => letter is '0' or '.') ? text.TrimStart('-') : text;
    }

    /// <summary>A difference, with its sign.</summary>
    public static string Difference(double value, string format)
    {
        string text = Value(value, format);
        return value > 0 && text != Value(0, format) ? $"+{text}" : text;
    }

    /// <summary>A margin: as many digits as it needs.</summary>
    public static string Margin(double value) =>
        value.ToString(value is < 0.001 or >= 100_000 ? "0.##e0" : "0.####", CultureInfo.InvariantCulture);

    /// <summary>A p-value; one beside the level has as many digits as show on which side it is.</summary>
    public static string P(double value)
    {
        if (value < 0.001)
        {
            return value.ToString("0.0e0", CultureInfo.InvariantCulture);
        }

        string text = value.ToString("0.000", CultureInfo.InvariantCulture);
        for (int digits = 4; text.TrimEnd('0') == "0.05" && value != Level; digits++)
        {
            text = value.ToString($"f{digits}", CultureInfo.InvariantCulture);
        }

        return text;
    }
}

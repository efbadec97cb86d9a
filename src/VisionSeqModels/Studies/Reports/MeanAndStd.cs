using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>A metric over the trials of a setting: its mean, and where there are several the standard deviation of the sample
/// (n − 1).</summary>
internal sealed class MeanAndStd(IEnumerable<double?> values)
{
    private readonly double[] _values = [.. values.OfType<double>().Where(double.IsFinite)];

    public double? Mean => _values.Length > 0 ? _values.Average() : null;

    /// <summary>The text, or nothing where there is no value.</summary>
    /// <param name="format">How a number is written; null for four decimals, or powers of ten where these say nothing.</param>
    public string Text(string? format = null)
    {
        if (Mean is not double mean)
        {
            return "";
        }

        format ??= DisplayText.NumberFormat(mean);
        string text = mean.ToString(format, CultureInfo.InvariantCulture);
        return _values.Length == 1 ? text : $"{text} ± {Deviation(mean).ToString(format, CultureInfo.InvariantCulture)}";
    }

    private double Deviation(double mean) =>
        Math.Sqrt(_values.Sum(value => (value - mean) * (value - mean)) / (_values.Length - 1));
}

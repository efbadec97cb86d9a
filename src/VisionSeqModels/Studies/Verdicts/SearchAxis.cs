using System.Globalization;

namespace VisionSeqModels.Studies;

/// <summary>A factor of a search as an axis: its distinct values, in order where all are numbers.</summary>
/// <param name="Name">The factor.</param>
/// <param name="Labels">Its distinct values: numbers by size, others as they came.</param>
/// <param name="IsOrdered">Whether they are numbers.</param>
/// <param name="Levels">For each setting which of them it has.</param>
internal sealed record SearchAxis(string Name, IReadOnlyList<string> Labels, bool IsOrdered, int[] Levels)
{
    private const double WideRange = 30;

    public static SearchAxis Of(string name, IReadOnlyList<string> values)
    {
        bool areNumbers = values.All(value => Number(value) is not null);
        List<string> labels = areNumbers ? [.. values.Distinct().OrderBy(value => Number(value)!.Value)] : [.. values.Distinct()];
        return new SearchAxis(name, labels, areNumbers, [.. values.Select(value => labels.IndexOf(value))]);
    }

    /// <summary>Where a label is on the axis, in 0 to 1: numbers by size, or by their logarithm where the range is wide; others
    /// evenly.</summary>
    public double Place(string label)
    {
        if (Labels.Count < 2)
        {
            return 0.5;
        }

        if (!IsOrdered)
        {
            return Labels.ToList().IndexOf(label) / (Labels.Count - 1.0);
        }

        double least = Number(Labels[0])!.Value,
            most = Number(Labels[^1])!.Value,
            value = Number(label)!.Value;
        return least > 0 && most / least >= WideRange ? Math.Log(value / least) / Math.Log(most / least)
            : most > least ? (value - least) / (most - least)
            : 0.5;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;
}

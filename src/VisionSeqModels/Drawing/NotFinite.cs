using System.Globalization;
using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>How many of some values are NaN or infinite, for the legend.</summary>
/// <param name="NaN">How many are NaN.</param>
/// <param name="Infinite">How many are infinite, with either sign.</param>
/// <param name="Total">How many values there are.</param>
internal readonly record struct NotFinite(long NaN, long Infinite, long Total)
{
    /// <summary>A line for each kind there is, with its colour.</summary>
    public IReadOnlyList<(string Text, SKColor Color)> Lines =>
        [
            .. new[]
            {
                (NaN, Text(NaN, Total, "NaN"), ColorMaps.NotANumber),
                (Infinite, Text(Infinite, Total, "infinite"), ColorMaps.Infinite),
            }
                .Where(line => line.Item1 > 0)
                .Select(line => (line.Item2, line.Item3)),
        ];

    /// <summary>The same for the legend of a chart, with the name of the line.</summary>
    public IEnumerable<LegendEntry> Entries(string name) =>
        Lines.Select(line => LegendEntry.Cross(name.Length == 0 ? line.Text : $"{name}: {line.Text}", line.Color));

    public static NotFinite Of(IEnumerable<double> values)
    {
        long nan = 0,
            infinite = 0,
            total = 0;
        foreach (double value in values)
        {
            nan += double.IsNaN(value) ? 1 : 0;
            infinite += double.IsInfinity(value) ? 1 : 0;
            total++;
        }

        return new NotFinite(nan, infinite, total);
    }

    public static NotFinite operator +(NotFinite left, NotFinite right) =>
        new(left.NaN + right.NaN, left.Infinite + right.Infinite, left.Total + right.Total);

    /// <summary>"3 of 1,024 values are NaN".</summary>
    public static string Text(long count, long total, string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:n0} of {total:n0} values {(count == 1 ? "is" : "are")} {kind}");
}

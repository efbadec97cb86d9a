using System.Globalization;

namespace VisionSeqModels.Drawing;

/// <summary>The rows and columns of a table that a picture has room for: those with the largest magnitudes, where NaN and
/// infinite values count most, in the order of the table.</summary>
internal sealed class HeatMapPart
{
    private readonly int _rowCount;
    private readonly int _columnCount;

    private HeatMapPart(int rowCount, int columnCount, IReadOnlyList<int> rows, IReadOnlyList<int> columns) =>
        (_rowCount, _columnCount, Rows, Columns) = (rowCount, columnCount, rows, columns);

    /// <summary>The rows that are shown.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The columns that are shown.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>Whether nothing is left out.</summary>
    public bool IsAll => Rows.Count == _rowCount && Columns.Count == _columnCount;

    /// <summary>What was left out, for the reader.</summary>
    public IReadOnlyList<string> Notes =>
        [.. new[] { Note(Rows.Count, _rowCount, "rows"), Note(Columns.Count, _columnCount, "columns") }.OfType<string>()];

    public static HeatMapPart Of(double[,] values, PictureLimit limit, int cellWidth, int cellHeight)
    {
        const int Around = 400; // names, title and legend, as far as the limit is concerned
        (int rowCount, int columnCount) = (values.GetLength(0), values.GetLength(1));
        var (rows, columns) = limit.Table((rowCount, cellHeight, Around), (columnCount, cellWidth, Around));
        return new HeatMapPart(
            rowCount,
            columnCount,
            Strongest(rowCount, rows, row => Enumerable.Range(0, columnCount).Max(column => Strength(values[row, column]))),
            Strongest(columnCount, columns, column => Enumerable.Range(0, rowCount).Max(row => Strength(values[row, column])))
        );
    }

    /// <summary>The part of the table.</summary>
    public double[,] Values(double[,] values) =>
        IsAll ? values : Tables.Fill(Rows.Count, Columns.Count, (row, column) => values[Rows[row], Columns[column]]);

    private static IReadOnlyList<int> Strongest(int count, int wanted, Func<int, double> strength) =>
        wanted >= count
            ? [.. Enumerable.Range(0, count)]
            : [.. Enumerable.Range(0, count).OrderByDescending(strength).Take(wanted).Order()];

    private static double Strength(double value) => double.IsFinite(value) ? Math.Abs(value) : double.PositiveInfinity;

    private static string? Note(int shown, int all, string what) =>
        shown == all
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{shown:n0} of {all:n0} {what} are shown: those with the largest magnitudes."
            );
}

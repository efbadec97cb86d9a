using System.Globalization;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>Draws numbers of images as a table.</summary>
internal static class ImageNumbers
{
    private const int MaximumRows = 40;

    /// <summary>A row for each image, the largest first number first.</summary>
    public static Picture Draw(
        string title,
        IReadOnlyList<(string Name, IReadOnlyList<double> Values)> columns,
        IReadOnlyList<long> targets
    )
    {
        int[] rows =
        [
            .. Enumerable.Range(0, targets.Count).OrderByDescending(image => columns[0].Values[image]).Take(MaximumRows),
        ];
        string more = rows.Length < targets.Count ? $" (the {rows.Length} largest of {targets.Count})" : "";
        double At(int row, int column) => columns[column].Values[rows[row]];
        return HeatMap.Draw(
            Tables.Fill(rows.Length, columns.Count, At),
            new HeatMapOptions
            {
                Title = title + more,
                RowNames = [.. rows.Select(image => $"image {image}, {AttributionBatches.NameOf(targets[image])}")],
                ColumnNames = [.. columns.Select(column => column.Name)],
                Map = ColorMap.Sequential,
                Meaning = "smaller is better",
                CellWidth = 120,
                CellHeight = 30,
                CellText = (row, column) => At(row, column).ToString("0.####", CultureInfo.InvariantCulture),
            }
        );
    }
}

using System.Globalization;
using System.Text;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>A grid's means as a heat map within a page: the fuller the colour, the larger the value.</summary>
internal static class SvgGridMap
{
    private const int CellHeight = 30;
    private const int Letter = 9; // of the larger text on a phone

    public static string Draw(GridMap map, string metric)
    {
        double[] all = [.. map.Means.Cast<double>().Where(double.IsFinite)];
        double least = all.Length == 0 ? 0 : all.Min(),
            range = all.Length == 0 ? 0 : all.Max() - least;
        string format = MetricFormat.Of(all.Length == 0 ? 0 : all.Max(Math.Abs));
        int left = 12 + (Letter * map.RowNames.Max(name => name.Length)),
            cell = Math.Max(64, 12 + (Letter * map.ColumnNames.Max(name => name.Length))),
            top = CellHeight + 18,
            width = left + (cell * map.ColumnNames.Count) + 2,
            height = top + (CellHeight * map.RowNames.Count) + 2;
        var svg = new StringBuilder();
        void Text(double x, double y, string text, string anchor) =>
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{x}\" y=\"{y}\" dy=\".35em\" text-anchor=\"{anchor}\">{ReportPage.Text(text)}</text>"
            );

        string title = $"{metric} by {map.RowFactor} (rows) and {map.ColumnFactor} (columns)";
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"chart gridmap c0\" viewBox=\"0 0 {width} {height}\" style=\"{SvgWidth.Of(width)}\" "
                + $"role=\"img\" aria-label=\"{ReportPage.Text(title)}\">"
        );
        Text(left + (0.5 * cell * map.ColumnNames.Count), 10, map.ColumnFactor, "middle");
        Text(left - 6, top - (0.5 * CellHeight), map.RowFactor.Length * Letter < left ? map.RowFactor : "", "end");
        foreach (var (column, name) in map.ColumnNames.Index())
        {
            Text(left + (cell * (column + 0.5)), top - (0.5 * CellHeight), name, "middle");
        }

        foreach (var (row, name) in map.RowNames.Index())
        {
            double y = top + (CellHeight * (row + 0.5));
            Text(left - 6, y, name, "end");
            for (int column = 0; column < map.ColumnNames.Count; column++)
            {
                double value = map.Means[row, column],
                    fullness = !double.IsFinite(value) ? 0
                    : range == 0 ? 0.3
                    : 0.08 + (0.42 * (value - least) / range);
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect x=\"{left + (cell * column) + 1}\" y=\"{top + (CellHeight * row) + 1}\" width=\"{cell - 2}\" "
                        + $"height=\"{CellHeight - 2}\" fill=\"currentColor\" fill-opacity=\"{fullness:0.###}\"/>"
                );
                Text(
                    left + (cell * (column + 0.5)),
                    y,
                    double.IsFinite(value) ? MetricFormat.Value(value, format) : "none",
                    "middle"
                );
            }
        }

        return $"<figure class=\"factors\"><figcaption>{ReportPage.Text(title)}</figcaption>"
            + $"{svg.Append("</svg>")}</figure>\n";
    }
}

using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>The means of a grid's metric by the values of two factors: a table to draw as a heat map.</summary>
/// <param name="RowFactor">The factor whose values are rows.</param>
/// <param name="ColumnFactor">The one whose values are columns.</param>
/// <param name="RowNames">Their labels.</param>
/// <param name="ColumnNames">Their labels.</param>
/// <param name="Means">The means over seeds and other factors, [rows, columns]; NaN where no trial has a result.</param>
internal sealed record GridMap(
    string RowFactor,
    string ColumnFactor,
    IReadOnlyList<string> RowNames,
    IReadOnlyList<string> ColumnNames,
    double[,] Means
)
{
    public static IEnumerable<GridMap> Of(
        StudySummary summary,
        IReadOnlyList<(string Name, IReadOnlyList<string> Values)> factors
    ) =>
        from i in Enumerable.Range(0, factors.Count)
        from k in Enumerable.Range(i + 1, factors.Count - i - 1)
        select Of(summary, factors[i], factors[k]);

    /// <summary>The table as a picture, the values written in it.</summary>
    /// <param name="metric">What the numbers are.</param>
    public Picture Draw(string metric)
    {
        double[] all = [.. Means.Cast<double>().Where(double.IsFinite)];
        string format = MetricFormat.Of(all.Length == 0 ? 0 : all.Max(Math.Abs));
        return HeatMap.Draw(
            Means,
            new HeatMapOptions
            {
                Title = $"{metric} by {RowFactor} and {ColumnFactor}",
                RowTitle = RowFactor,
                ColumnTitle = ColumnFactor,
                RowNames = RowNames,
                ColumnNames = ColumnNames,
                Scale = all.Length == 0 || all.Min() == all.Max() ? null : ValueScale.Fixed(all.Min(), all.Max()),
                CellWidth = 64,
                CellHeight = 32,
                CellText = (row, column) => MetricFormat.Value(Means[row, column], format),
            }
        );
    }

    private static GridMap Of(
        StudySummary summary,
        (string Name, IReadOnlyList<string> Values) rows,
        (string Name, IReadOnlyList<string> Values) columns
    )
    {
        var means = new double[rows.Values.Count, columns.Values.Count];
        foreach (var (row, rowValue) in rows.Values.Index())
        {
            foreach (var (column, columnValue) in columns.Values.Index())
            {
                means[row, column] = summary
                    .Planned.Where(setting =>
                        GridEffects.ValueOf(setting, rows.Name) == rowValue
                        && GridEffects.ValueOf(setting, columns.Name) == columnValue
                    )
                    .SelectMany(setting => setting.Finals.Values)
                    .DefaultIfEmpty(double.NaN)
                    .Average();
            }
        }

        return new GridMap(rows.Name, columns.Name, rows.Values, columns.Values, means);
    }
}

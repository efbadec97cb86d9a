namespace VisionSeqModels.Drawing;

/// <summary>Tables for heat maps out of lists of rows.</summary>
internal static class Tables
{
    public static double[,] OfRows(IReadOnlyList<double[]> rows) =>
        Fill(rows.Count, rows[0].Length, (row, column) => rows[row][column]);

    public static double[,] OfColumns(IReadOnlyList<double[]> columns) =>
        Fill(columns[0].Length, columns.Count, (row, column) => columns[column][row]);

    public static double[,] Fill(int rows, int columns, Func<int, int, double> value)
    {
        var table = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                table[row, column] = value(row, column);
            }
        }

        return table;
    }
}

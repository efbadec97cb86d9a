namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>A table in Markdown, with columns as wide as they need to be.</summary>
internal static class Table
{
    public static void Print(params IEnumerable<string[]> rows)
    {
        string[][] all = [.. rows];
        int[] widths = [.. Enumerable.Range(0, all[0].Length).Select(column => all.Max(row => row[column].Length))];
        for (int i = 0; i < all.Length; i++)
        {
            Print(all[i], widths);
            if (i == 0)
            {
                Print([.. widths.Select(width => new string('-', width))], widths);
            }
        }

        Console.WriteLine();
    }

    private static void Print(string[] row, int[] widths) =>
        Console.WriteLine($"| {string.Join(" | ", row.Zip(widths, (cell, width) => cell.PadRight(width)))} |");
}

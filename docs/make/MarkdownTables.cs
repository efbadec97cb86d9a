namespace VisionSeqModels.DocsMake;

/// <summary>The tables that a command prints, and the place of a page where they stand: between the comments
/// <c>table: NAME</c> and <c>end of table</c>.</summary>
internal static class MarkdownTables
{
    private const string End = "<!-- end of table -->";

    /// <summary>The tables among the lines of an output, without the spaces that align their columns.</summary>
    public static string Of(string output)
    {
        var tables = new List<string>();
        bool isWithin = false;
        foreach (string line in output.ReplaceLineEndings("\n").Split('\n'))
        {
            bool isRow = line.StartsWith('|');
            if (isRow && !isWithin && tables.Count > 0)
            {
                tables.Add("");
            }

            if (isRow)
            {
                tables.Add(Narrow(line));
            }

            isWithin = isRow;
        }

        return string.Join('\n', tables);
    }

    /// <summary>Whether a page has a place for a table.</summary>
    public static bool HasPlace(string page, string name) => Find(page, name) is not null;

    /// <summary>Puts something where a table stands.</summary>
    /// <exception cref="InvalidOperationException">The page has no such place.</exception>
    public static string Put(string page, string name, string content)
    {
        var (from, to) =
            Find(page, name)
            ?? throw new InvalidOperationException($"No page has a place '{Begin(name)}' … '{End}' for the table of '{name}'.");
        return $"{page[..from]}\n\n{content}\n\n{page[to..]}";
    }

    private static string Begin(string name) => $"<!-- table: {name} -->";

    private static (int From, int To)? Find(string page, string name)
    {
        int from = page.IndexOf(Begin(name), StringComparison.Ordinal);
        int to = from < 0 ? -1 : page.IndexOf(End, from, StringComparison.Ordinal);
        return to < 0 ? null : (from + Begin(name).Length, to);
    }

    private static string Narrow(string row)
    {
        var cells = row.Trim().Trim('|').Split('|').Select(cell => cell.Trim());
        return $"| {string.Join(" | ", cells.Select(cell => cell.Trim('-').Length == 0 && cell.Length > 0 ? "---" : cell))} |";
    }
}

namespace VisionSeqModels.Tests.Options;

/// <summary>The tables of docs/options.md: of each type its options, and of each option its default.</summary>
internal static class OptionsPage
{
    /// <summary>The rows of a section: type, option, and what stands in the default's column.</summary>
    public static IReadOnlyList<(string Type, string Option, string Default)> Rows(string section)
    {
        var rows = new List<(string, string, string)>();
        string type = "";
        foreach (string line in Section(section).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2))
        {
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim().Trim('`', '*'))];
            Assert.True(cells.Length == 8, $"docs/options.md: a row needs six cells, but this has {cells.Length - 2}: {line}");
            Assert.True(cells[6].Length > 0, $"docs/options.md: the last cell must say what it is: {line}");
            type = cells[1].Length > 0 ? cells[1] : type;
            rows.Add((type, cells[2], cells[3]));
        }

        Assert.NotEmpty(rows);
        return rows;
    }

    private static IEnumerable<string> Section(string name) =>
        File.ReadLines(Path.Combine(Repository.Root, "docs", "options.md"))
            .SkipWhile(line => line != $"## {name}")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
}

using System.Text;

/// <summary>The document as Markdown, with its pictures in a folder beside it.</summary>
internal static class MarkdownWriter
{
    private const string Pictures = "report";
    private const int Width = 118;

    public static void Write(string path, string title, IReadOnlyList<Block> blocks)
    {
        string folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, Pictures);
        foreach (var illustration in blocks.SelectMany(IllustrationsOf))
        {
            illustration.Picture.SavePng(Path.Combine(folder, illustration.Name + ".png"));
        }

        TextFile.Write(path, string.Join("\n\n", blocks.Select(Text).Prepend($"# {Plain(title)}")) + "\n");
    }

    private static IReadOnlyList<Illustration> IllustrationsOf(Block block) =>
        block switch
        {
            Block.Pictures pictures => pictures.All,
            Block.Beside beside => [beside.Illustration],
            _ => [],
        };

    private static string Text(Block block) =>
        block switch
        {
            Block.Heading heading => $"{(heading.IsPart ? "###" : "##")} {Plain(heading.Text)}",
            Block.Paragraph paragraph => Wrapped(paragraph.Text),
            Block.Items items => string.Join('\n', items.Texts.Select(text => $"- {Wrapped(text, "  ")}")),
            Block.Code code => $"```\n{code.Text}\n```",
            Block.Table table => Table(table),
            Block.Pictures { All: [var one] } => Single(one),
            Block.Pictures pictures => SideBySide(pictures.All),
            Block.Beside beside => string.Join("\n\n", beside.Paragraphs.Select(text => Wrapped(text)))
                + $"\n\n{Single(beside.Illustration)}",
            Block.Note note => $"### Own notes\n\n{note.Markdown}",
            _ => throw new ArgumentException($"A block of the kind {block.GetType().Name} has no text."),
        };

    private static string Table(Block.Table table)
    {
        var text = new StringBuilder(Row(table.Columns.Select(Plain)) + "\n" + Row(table.Columns.Select(_ => "---")));
        for (int row = 0; row < table.Rows.Count; row++)
        {
            text.Append('\n')
                .Append(
                    Row(
                        table
                            .Rows[row]
                            .Select(
                                (cell, column) => table.Best?.Invoke(row, column) == true ? $"**{Plain(cell)}**" : Plain(cell)
                            )
                    )
                );
        }

        return text.ToString();
    }

    private static string SideBySide(IReadOnlyList<Illustration> pictures) =>
        string.Join(
            '\n',
            Row(pictures.Select(picture => Plain(picture.Caption))),
            Row(pictures.Select(_ => "---")),
            Row(pictures.Select(Image))
        );

    private static string Single(Illustration picture) => $"{Image(picture)}\n\n*{Plain(picture.Caption)}*";

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Image(Illustration picture) => $"![{Plain(picture.Caption)}]({Pictures}/{picture.Name}.png)";

    /// <summary>Plain text in lines of some length.</summary>
    private static string Wrapped(string text, string indent = "")
    {
        var lines = new StringBuilder();
        int column = 0;
        foreach (string word in Plain(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool fits = column == 0 || column + 1 + word.Length <= Width;
            lines
                .Append(
                    column == 0 ? ""
                    : fits ? " "
                    : $"\n{indent}"
                )
                .Append(word);
            column = fits ? column + 1 + word.Length : word.Length;
        }

        return lines.ToString();
    }

    /// <summary>Text in which nothing is markup.</summary>
    private static string Plain(string text) =>
        string.Concat(
            text.ReplaceLineEndings(" ")
                .Select(letter =>
                    letter == '<' ? "&lt;"
                    : letter is '|' or '*' or '`' or '[' or '\\' ? $"\\{letter}"
                    : letter.ToString()
                )
        );
}

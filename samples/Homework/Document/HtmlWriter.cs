using VisionSeqModels.Drawing;

/// <summary>The document as one HTML file.</summary>
internal static class HtmlWriter
{
    public static void Write(string path, string title, IReadOnlyList<Block> blocks)
    {
        var page = new ReportPage(title);
        foreach (var block in blocks)
        {
            Add(page, block);
        }

        page.Save(path);
    }

    private static void Add(ReportPage page, Block block)
    {
        switch (block)
        {
            case Block.Heading { IsPart: true } heading:
                page.Subsection(heading.Text);
                break;
            case Block.Heading heading:
                page.Section(heading.Text);
                break;
            case Block.Paragraph paragraph:
                page.Paragraph(paragraph.Text);
                break;
            case Block.Items items:
                foreach (string text in items.Texts)
                {
                    page.Paragraph($"• {text}");
                }

                break;
            case Block.Code code:
                page.Code(code.Text);
                break;
            case Block.Table table:
                page.Table(table.Columns, table.Rows, table.Best);
                break;
            case Block.Pictures { All: [var one] }:
                page.Picture(one.Picture, one.Caption);
                break;
            case Block.Pictures pictures:
                page.Columns([
                    .. pictures.All.Select(picture =>
                        (Action<ReportPage>)(cell => cell.Picture(picture.Picture, picture.Caption))
                    ),
                ]);
                break;
            case Block.Beside beside:
                page.Columns(
                    cell => Array.ForEach([.. beside.Paragraphs], text => cell.Paragraph(text)),
                    cell => cell.Picture(beside.Illustration.Picture, beside.Illustration.Caption)
                );
                break;
            case Block.Note note:
                page.Subsection("Own notes");
                foreach (string paragraph in note.Markdown.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
                {
                    page.Paragraph(paragraph.ReplaceLineEndings(" "));
                }

                break;
        }
    }
}

using System.Net;
using System.Text;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>A report as one HTML file that needs nothing else: text, tables, and pictures within it. Readable in light and
/// dark, on paper, and on a phone.</summary>
/// <param name="title">The page's heading.</param>
public sealed class ReportPage(string title)
{
    /// <summary>What stands beside the best value of a column, so that colour is not the only sign.</summary>
    internal const string BestMark = "★";

    private readonly List<string> _styles = [ReportPageStyle.Css];
    private readonly List<string> _scripts = [];
    private readonly StringBuilder _body = new();
    private int _tables;

    /// <summary>Begins a section.</summary>
    /// <param name="heading">Its heading.</param>
    public ReportPage Section(string heading) => Html($"<h2>{Text(heading)}</h2>");

    /// <summary>Begins a part of a section.</summary>
    /// <param name="heading">Its heading.</param>
    public ReportPage Subsection(string heading) => Html($"<h3>{Text(heading)}</h3>");

    /// <summary>Adds a paragraph.</summary>
    /// <param name="text">Plain text.</param>
    public ReportPage Paragraph(string text) => Html($"<p>{Text(text)}</p>");

    /// <summary>Adds a line of code, such as the command that made the report.</summary>
    /// <param name="text">Plain text.</param>
    public ReportPage Code(string text) => Html($"<p><code>{Text(text)}</code></p>");

    /// <summary>Adds a table; on a narrow screen it scrolls within its own box. Columns of numbers stand to the right,
    /// others to the left.</summary>
    /// <param name="columns">The headings.</param>
    /// <param name="rows">The cells, as many a row as there are headings.</param>
    /// <param name="best">Says which cells, by row and column, are the best of their column; null for none.</param>
    public ReportPage Table(
        IReadOnlyList<string> columns,
        IReadOnlyList<IReadOnlyList<string>> rows,
        Func<int, int, bool>? best = null
    ) => Table(new PageTable(columns, rows) { Best = best });

    /// <summary>Adds a table that is there as one object.</summary>
    /// <param name="table">The table.</param>
    public ReportPage Table(ReportTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Table(table.Columns, table.Rows);
    }

    /// <summary>Adds a picture with a caption below it.</summary>
    /// <param name="picture">The picture; it becomes part of the page.</param>
    /// <param name="caption">Plain text.</param>
    public ReportPage Picture(Picture picture, string caption)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Html(
            $"<figure><img width=\"{picture.Width}\" height=\"{picture.Height}\" alt=\"{Text(caption)}\" "
                + $"src=\"data:image/png;base64,{Convert.ToBase64String(picture.ToPng())}\">"
                + $"<figcaption>{Text(caption)}</figcaption></figure>"
        );
    }

    /// <summary>Adds columns side by side; on a narrow screen they stand below one another.</summary>
    /// <param name="columns">What each adds to the page, for example a picture.</param>
    public ReportPage Columns(params IReadOnlyList<Action<ReportPage>> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Html("<div class=\"columns\">");
        foreach (var column in columns)
        {
            Html("<div>");
            column(this);
            Html("</div>");
        }

        return Html("</div>");
    }

    /// <summary>Adds a picture out of a PNG file, with a caption below it.</summary>
    /// <param name="path">The file; what it holds becomes part of the page.</param>
    /// <param name="caption">Plain text.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no PNG file.</exception>
    public ReportPage Picture(string path, string caption)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Drawing.Picture.OfPng(File.ReadAllBytes(path)) is { } picture
            ? Picture(picture, caption)
            : throw new InvalidDataException(
                $"'{path}' is no PNG file. A page takes pictures as PNG: write it with Picture.SavePng."
            );
    }

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) =>
        AtomicFile.WriteAllText(
            path,
            $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(title)}</title><style>{string.Join('\n', _styles)}</style></head>
            <body><h1>{Text(title)}</h1>
            {_body}{string.Concat(_scripts.Select(script => $"<script>\n{script}\n</script>\n"))}</body></html>

            """
        );

    /// <summary>Adds a table with what it can do.</summary>
    internal ReportPage Table(PageTable table)
    {
        if (table.HasTools)
        {
            Script(PageTableScript.JavaScript);
        }

        return Html(table.Html(++_tables));
    }

    /// <summary>Adds a paragraph of small print.</summary>
    internal ReportPage Note(string text) => Html($"<p class=\"note\">{Text(text)}</p>");

    /// <summary>Adds HTML as it is.</summary>
    internal ReportPage Html(string html)
    {
        _body.Append(html).Append('\n');
        return this;
    }

    /// <summary>Adds rules to the page's style sheet, once.</summary>
    internal ReportPage Style(string css) => Once(_styles, css);

    /// <summary>Adds a script at the page's end, once.</summary>
    internal ReportPage Script(string script) => Once(_scripts, script);

    private ReportPage Once(List<string> parts, string part)
    {
        if (!parts.Contains(part))
        {
            parts.Add(part);
        }

        return this;
    }

    /// <summary>Text in which nothing is markup, and nothing a control character.</summary>
    internal static string Text(string text) => WebUtility.HtmlEncode(PlainText.Of(text));
}

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

    private const int LongCell = 16;
    private readonly StringBuilder _styles = new(ReportPageStyle.Css);
    private readonly StringBuilder _body = new();

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
    )
    {
        string[] kinds =
        [
            .. columns.Select(
                (_, column) =>
                    rows.All(cells => IsNumber(cells[column])) ? "number"
                    : rows.Any(cells => PlainText.Of(cells[column]).Length > LongCell) ? "long"
                    : "word"
            ),
        ];
        string Cell(string text, int row, int column)
        {
            string inner = Text(text).Replace("± ", "±&nbsp;", StringComparison.Ordinal);
            return best?.Invoke(row, column) == true
                ? $"<td class=\"{kinds[column]} best\"><span role=\"img\" aria-label=\"best\">{BestMark}</span> {inner}</td>"
                : $"<td class=\"{kinds[column]}\">{inner}</td>";
        }

        string Row(IReadOnlyList<string> cells, int row) =>
            $"<tr><th scope=\"row\">{Text(cells[0])}</th>"
            + $"{string.Concat(cells.Skip(1).Select((cell, i) => Cell(cell, row, i + 1)))}</tr>\n";
        string head = string.Concat(columns.Select((column, i) => $"<th scope=\"col\" class=\"{kinds[i]}\">{Text(column)}</th>"));
        string body = string.Concat(rows.Select(Row));
        return Html(
            $"<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>"
        );
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

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) =>
        AtomicFile.WriteAllText(
            path,
            $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(title)}</title><style>{_styles}</style></head>
            <body><h1>{Text(title)}</h1>
            {_body}</body></html>

            """
        );

    /// <summary>Adds a paragraph of small print.</summary>
    internal ReportPage Note(string text) => Html($"<p class=\"note\">{Text(text)}</p>");

    /// <summary>Adds HTML as it is.</summary>
    internal ReportPage Html(string html)
    {
        _body.Append(html).Append('\n');
        return this;
    }

    /// <summary>Adds rules to the page's style sheet.</summary>
    internal ReportPage Style(string css)
    {
        _styles.Append('\n').Append(css);
        return this;
    }

    internal ReportPage Script(string script) => Html($"<script>\n{script}\n</script>");

    /// <summary>Text in which nothing is markup, and nothing a control character.</summary>
    internal static string Text(string text) => WebUtility.HtmlEncode(PlainText.Of(text));

    /// <summary>Whether a cell has nothing but numbers, such as 0.5 ± 0.1 or 3–5.</summary>
    private static bool IsNumber(string text) =>
        text.All(letter => char.IsAsciiDigit(letter) || "+-−–±.,e% ".Contains(letter, StringComparison.Ordinal));
}

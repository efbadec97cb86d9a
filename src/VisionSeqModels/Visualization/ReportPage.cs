using System.Net;
using System.Text;

namespace VisionSeqModels.Visualization;

/// <summary>A report as one HTML file that needs nothing else: text, tables, and pictures within it. Readable in light and dark, on paper, and on a phone.</summary>
/// <param name="title">The page's heading.</param>
public sealed class ReportPage(string title)
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1a1a1a; --ground: #ffffff; --line: #d0d0d0; --best: #e2f0e8; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --ground: #16181b; --line: #44484d; --best: #1f3b2c; } }
        body { color: var(--ink); background: var(--ground); font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.7rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
        .wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: right; max-width: 24rem; overflow-wrap: break-word; } td:not(:first-child):not(:last-child) { white-space: nowrap; } th:first-child, td:first-child { text-align: left; }
        td.best { background: var(--best); font-weight: 600; } figure { margin: 1rem 0; } figcaption { font-size: .9rem; }
        img { max-width: 100%; height: auto; background: #fff; border: 1px solid var(--line); } code { overflow-wrap: anywhere; }
        @media print { h2 { break-after: avoid; } figure, table { break-inside: avoid; } }
        """;

    private readonly StringBuilder _body = new();

    /// <summary>Begins a section.</summary>
    /// <param name="heading">Its heading.</param>
    public ReportPage Section(string heading) => Add($"<h2>{Text(heading)}</h2>");

    /// <summary>Adds a paragraph.</summary>
    /// <param name="text">Plain text.</param>
    public ReportPage Paragraph(string text) => Add($"<p>{Text(text)}</p>");

    /// <summary>Adds a line of code, such as the command that made the report.</summary>
    /// <param name="text">Plain text.</param>
    public ReportPage Code(string text) => Add($"<p><code>{Text(text)}</code></p>");

    /// <summary>Adds a table.</summary>
    /// <param name="columns">The headings.</param>
    /// <param name="rows">The cells, as many a row as there are headings.</param>
    /// <param name="best">Says which cells, by row and column, are the best of their column; null for none.</param>
    public ReportPage Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows, Func<int, int, bool>? best = null)
    {
        string Cell(string text, int row, int column) => best?.Invoke(row, column) == true ? $"<td class=\"best\">{Text(text)}</td>" : $"<td>{Text(text)}</td>";
        string head = string.Concat(columns.Select(column => $"<th>{Text(column)}</th>"));
        string body = string.Concat(rows.Select((cells, row) => $"<tr>{string.Concat(cells.Select((cell, column) => Cell(cell, row, column)))}</tr>\n"));
        return Add($"<div class=\"wide\"><table>\n<tr>{head}</tr>\n{body}</table></div>");
    }

    /// <summary>Adds a picture with a line below it.</summary>
    /// <param name="picture">The picture; it becomes part of the page.</param>
    /// <param name="caption">Plain text.</param>
    public ReportPage Figure(Picture picture, string caption)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return Add($"<figure><img width=\"{picture.Width}\" height=\"{picture.Height}\" alt=\"{Text(caption)}\" src=\"data:image/png;base64,{Convert.ToBase64String(picture.ToPng())}\"><figcaption>{Text(caption)}</figcaption></figure>");
    }

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteAllText(path, $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Text(title)}</title><style>{Style}</style></head>
        <body><h1>{Text(title)}</h1>
        {_body}</body></html>

        """);

    /// <summary>Adds what is HTML already.</summary>
    internal ReportPage Html(string html) => Add(html);

    private ReportPage Add(string html)
    {
        _body.Append(html).Append('\n');
        return this;
    }

    internal static string Text(string text) => WebUtility.HtmlEncode(text);
}

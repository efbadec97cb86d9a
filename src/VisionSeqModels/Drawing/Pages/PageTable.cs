using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>A table of a page: which columns are folded at first, which cells are the best or links, and whether a reader can
/// sort and filter it.</summary>
internal sealed record PageTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    private const int LongCell = 16;

    /// <summary>Which cells, by row and column, are the best of their column; null for none.</summary>
    public Func<int, int, bool>? Best { get; init; }

    /// <summary>Where the first cell of each row leads; null for nowhere.</summary>
    public Func<int, string?>? Link { get; init; }

    /// <summary>Which columns are there only when a reader asks for all.</summary>
    public Func<int, bool>? IsFolded { get; init; }

    /// <summary>Whether the page's script sorts and filters it.</summary>
    public bool HasTools { get; init; }

    /// <summary>The table as HTML.</summary>
    /// <param name="number">A number that no other table of the page has.</param>
    public string Html(int number)
    {
        string[] kinds = [.. Columns.Select((_, column) => KindOf(column) + (IsFolded?.Invoke(column) == true ? " more" : ""))];
        string head = string.Concat(
            Columns.Select((column, i) => $"<th scope=\"col\" class=\"{kinds[i]}\">{ReportPage.Text(column)}</th>")
        );
        string body = string.Concat(Rows.Select((cells, row) => Row(cells, row, kinds)));
        string table =
            $"<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>";
        bool folds = kinds.Any(kind => kind.EndsWith(" more", StringComparison.Ordinal));
        if (!folds && !HasTools)
        {
            return table;
        }

        string fold = folds
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"<input type=\"checkbox\" class=\"unfold\" id=\"all{number}\"><label for=\"all{number}\">all columns</label>"
            )
            : "";
        return $"<div class=\"table{(HasTools ? " tools" : "")}\">{fold}{table}</div>";
    }

    private string Row(IReadOnlyList<string> cells, int row, string[] kinds)
    {
        string name = ReportPage.Text(cells[0]);
        string first = Link?.Invoke(row) is string link ? $"<a href=\"{ReportPage.Text(link)}\">{name}</a>" : name;
        string rest = string.Concat(cells.Skip(1).Select((cell, i) => Cell(cell, row, i + 1, kinds[i + 1])));
        return $"<tr><th scope=\"row\">{first}</th>{rest}</tr>\n";
    }

    private string Cell(string text, int row, int column, string kind)
    {
        string inner = ReportPage.Text(text).Replace("± ", "±&nbsp;", StringComparison.Ordinal);
        return Best?.Invoke(row, column) == true
            ? $"<td class=\"{kind} best\"><span role=\"img\" aria-label=\"best\">{ReportPage.BestMark}</span> {inner}</td>"
            : $"<td class=\"{kind}\">{inner}</td>";
    }

    private string KindOf(int column) =>
        Rows.All(cells => IsNumber(cells[column])) ? "number"
        : Rows.Any(cells => PlainText.Of(cells[column]).Length > LongCell) ? "long"
        : "word";

    /// <summary>Whether a cell has nothing but numbers, such as 0.5 ± 0.1 or 3–5.</summary>
    private static bool IsNumber(string text) =>
        text.All(letter => char.IsAsciiDigit(letter) || "+-−–±.,e% ".Contains(letter, StringComparison.Ordinal));
}

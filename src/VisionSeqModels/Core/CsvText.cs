namespace VisionSeqModels.Core;

/// <summary>Rows of CSV files, as RFC 4180 has them, with a line feed after each row.</summary>
/// <remarks>A field with a comma, a quote or a line break stands in quotes. Nothing else changes, so a reader gets the very
/// text back. That is true also of a field that a spreadsheet takes for a formula (=, +, − or @ at its start): a program that
/// reads the file must find the metric under its own name.</remarks>
internal static class CsvText
{
    /// <summary>One row, with its line feed.</summary>
    public static string Row(IEnumerable<string> fields) => string.Join(',', fields.Select(Field)) + "\n";

    private static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") || text != text.Trim()
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
}

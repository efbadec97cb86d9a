using System.Globalization;

namespace VisionSeqModels.Samples;

/// <summary>Writes a table as CSV (RFC 4180): fields with a comma, a quote or a line break stand in quotes; numbers have a
/// point in any culture.</summary>
public static class CsvFile
{
    /// <summary>Writes a file; one that is there is replaced as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="head">The names of the columns.</param>
    /// <param name="rows">The cells of each row: texts or numbers.</param>
    public static void Write(string path, IEnumerable<string> head, IEnumerable<IEnumerable<object>> rows)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(rows);
        string text = string.Concat(rows.Select(Row).Prepend(Row(head)));
        string temporary = path + ".tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string Row(IEnumerable<object> cells) => string.Join(',', cells.Select(Field)) + "\n";

    private static string Field(object cell)
    {
        string text = Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}

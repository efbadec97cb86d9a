using System.Text;

namespace VisionSeqModels.Tests;

/// <summary>Reads CSV as RFC 4180 says, written apart from the library's writer.</summary>
internal static class CsvReader
{
    public static List<List<string>> Read(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var field = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && field.Length == 0)
            {
                for (i++; text[i] != '"' || (i + 1 < text.Length && text[i + 1] == '"'); i++)
                {
                    i += text[i] == '"' ? 1 : 0;
                    field.Append(text[i]);
                }
            }
            else if (text[i] is ',' or '\n')
            {
                row.Add(field.ToString());
                field.Clear();
                if (text[i] == '\n')
                {
                    rows.Add(row);
                    row = [];
                }
            }
            else
            {
                field.Append(text[i]);
            }
        }

        Assert.True(field.Length == 0 && row.Count == 0, "the last row has no line feed");
        return rows;
    }
}

namespace VisionSeqModels.Tests.Errors;

/// <summary>Finds the constant parts of the texts in a piece of C#.</summary>
internal static class SourceText
{
    /// <summary>The longest part of the piece's texts that stands there as it is; empty where no part has several
    /// words.</summary>
    public static string LongestConstant(string source) =>
        Constants(source).Select(part => part.Trim()).Where(part => part.Any(char.IsWhiteSpace)).MaxBy(part => part.Length) ?? "";

    private static IEnumerable<string> Constants(string source)
    {
        for (int begin = source.IndexOf('"'); begin >= 0; )
        {
            bool holes = begin > 0 && source[begin - 1] == '$';
            int end = begin + 1;
            var part = new System.Text.StringBuilder();
            for (; end < source.Length && source[end] != '"'; end++)
            {
                if (holes && source[end] is '{' or '}' && source[end] == source[end + 1])
                {
                    part.Append(source[end++]); // a doubled brace is one
                }
                else if (holes && source[end] == '{')
                {
                    yield return part.ToString();
                    part.Clear();
                    end = EndOfHole(source, end);
                }
                else
                {
                    part.Append(source[end]);
                }
            }

            yield return part.ToString();
            begin = end + 1 < source.Length ? source.IndexOf('"', end + 1) : -1;
        }
    }

    /// <summary>Where what is put into a text ends; it may hold texts of its own.</summary>
    private static int EndOfHole(string source, int begin)
    {
        int depth = 0;
        bool inText = false;
        for (int at = begin; at < source.Length; at++)
        {
            inText ^= source[at] == '"';
            depth +=
                inText ? 0
                : source[at] == '{' ? 1
                : source[at] == '}' ? -1
                : 0;
            if (depth == 0)
            {
                return at;
            }
        }

        return source.Length;
    }
}

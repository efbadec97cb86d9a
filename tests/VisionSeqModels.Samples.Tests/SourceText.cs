using System.Text;

namespace VisionSeqModels.Tests;

/// <summary>The texts of a C# source: its string literals without what is computed in them.</summary>
internal static class SourceText
{
    public static IReadOnlyList<string> Literals(string source)
    {
        var found = new List<string>();
        for (int i = 0; i < source.Length; )
        {
            if (source[i] == '/' && i + 1 < source.Length && source[i + 1] == '/')
            {
                i = source.IndexOf('\n', i) is int end and >= 0 ? end : source.Length;
            }
            else if (source[i] == '\'')
            {
                i += source[i + 1] == '\\' ? 4 : 3;
            }
            else if (source[i] == '"')
            {
                i = Literal(source, i + 1, isInterpolated: i > 0 && source[i - 1] == '$', found);
            }
            else
            {
                i++;
            }
        }

        return found;
    }

    /// <returns>The place behind the literal.</returns>
    private static int Literal(string source, int i, bool isInterpolated, List<string> found)
    {
        var text = new StringBuilder();
        while (source[i] != '"')
        {
            if (source[i] == '\\')
            {
                i += 2;
            }
            else if (isInterpolated && source[i] == '{' && source[i + 1] != '{')
            {
                i = Hole(source, i + 1, found);
            }
            else
            {
                text.Append(source[i++]);
            }
        }

        found.Add(text.ToString());
        return i + 1;
    }

    /// <returns>The place behind the hole; literals within it are found too.</returns>
    private static int Hole(string source, int i, List<string> found)
    {
        for (int depth = 1; depth > 0; )
        {
            if (source[i] == '"')
            {
                i = Literal(source, i + 1, isInterpolated: source[i - 1] == '$', found);
                continue;
            }

            depth += source[i] switch
            {
                '{' or '(' or '[' => 1,
                '}' or ')' or ']' => -1,
                _ => 0,
            };
            i++;
        }

        return i;
    }
}

using System.Globalization;
using System.Text;

namespace VisionSeqModels.Core;

/// <summary>Names that users give, made harmless for people to read: in reports, pictures and on terminals.</summary>
/// <remarks>Files for programs (JSON, CSV, events) keep a name as it is; their own rules quote it.</remarks>
internal static class PlainText
{
    /// <summary>The text on one line, without control characters, terminal escapes, marks that turn the direction of writing,
    /// and unpaired surrogates. A line break or a tab becomes a space.</summary>
    public static string Of(string text)
    {
        if (text.All(IsPlain))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        foreach (var rune in Whole(text).EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or 0x85 or 0x2028 or 0x2029)
            {
                plain.Append(' ');
            }
            else if (IsShown(rune))
            {
                plain.Append(rune.ToString());
            }
        }

        return plain.ToString();
    }

    /// <summary>The same for a text of several lines, which stay lines.</summary>
    public static string OfLines(string text) => string.Join('\n', text.Split('\n').Select(Of));

    /// <summary>Several, with commas between.</summary>
    public static string List(IEnumerable<string> texts) => string.Join(", ", texts.Select(Of));

    /// <summary>Letters that need no second look: no control character, no mark of direction, no surrogate.</summary>
    private static bool IsPlain(char letter) => letter is >= ' ' and <= '~' or >= '\u00a0' and < '\u0600';

    private static bool IsShown(Rune rune) =>
        Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control
        && rune.Value
            is not (
                0x061c
                or 0x200b
                or 0x200e
                or 0x200f
                or (>= 0x202a and <= 0x202e)
                or (>= 0x2060 and <= 0x206f)
                or 0xfeff
                or (>= 0xfff9 and <= 0xfffb)
                or (>= 0xe0000 and <= 0xe007f)
            );

    /// <summary>The text without its unpaired surrogates.</summary>
    private static string Whole(string text)
    {
        var whole = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                whole.Append(text, i++, 2);
            }
            else if (!char.IsSurrogate(text[i]))
            {
                whole.Append(text[i]);
            }
        }

        return whole.ToString();
    }
}

using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Cuts prose into sentences and counts their words. Code counts as one word.</summary>
internal static partial class ProseSentences
{
    /// <summary>The sentences of a page: of its paragraphs, list items and table cells, not of headings and fenced
    /// blocks.</summary>
    public static IReadOnlyList<string> OfPage(MarkdownPage page)
    {
        var blocks = new List<string>();
        var paragraph = new List<string>();
        foreach (string line in Comment().Replace(page.TextWithoutBlocks, "").Split('\n').Append("").Select(text => text.Trim()))
        {
            bool isItem = ListItem().IsMatch(line);
            if (line.Length == 0 || line[0] is '#' or '|' || isItem)
            {
                blocks.Add(string.Join(' ', paragraph));
                paragraph.Clear();
            }

            if (line.StartsWith('|'))
            {
                blocks.AddRange(CellBorder().Split(line));
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                paragraph.Add(ListItem().Replace(line, "").TrimStart('>', ' '));
            }
        }

        return [.. blocks.SelectMany(OfText)];
    }

    /// <summary>The sentences of one paragraph.</summary>
    public static IEnumerable<string> OfText(string paragraph)
    {
        string text = Picture().Replace(paragraph, "");
        text = Link().Replace(InlineCode().Replace(text, "X"), "$1").Replace("*", "", StringComparison.Ordinal);
        return SentenceEnd().Split(text).Select(sentence => sentence.Trim()).Where(sentence => WordCount(sentence) > 3);
    }

    /// <summary>How many words a sentence has.</summary>
    public static int WordCount(string sentence) => Word().Count(sentence);

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^([-*]|\d+\.)\s+")]
    private static partial Regex ListItem();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorder();

    [GeneratedRegex(@"!\[[^\]]*\]\([^)]*\)")]
    private static partial Regex Picture();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex("`+[^`]*`+")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"(?<=[.!?][""”’)]?)(?<!\bal\.|\be\.g\.|\bi\.e\.|\bvs\.|\bfig\.)\s+(?=[""“‘(]?[A-Z0-9])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"[\p{L}\p{Nd}][\w'’./%-]*")]
    private static partial Regex Word();
}

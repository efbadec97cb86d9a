using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Decisions have numbers without gaps, a date, and a row in the index.</summary>
public sealed partial class DecisionTests
{
    private const string Index = "docs/decisions/README.md";

    private static readonly IReadOnlyList<MarkdownPage> Decisions =
    [
        .. MarkdownPage.All.Where(page =>
            page.Name.StartsWith("docs/decisions/", StringComparison.Ordinal) && page.Name != Index
        ),
    ];

    [Fact]
    public void Numbers_HaveNoGaps() =>
        Assert.Equal(
            Enumerable.Range(1, Decisions.Count).Select(number => $"{number:0000}"),
            Decisions.Select(page => Path.GetFileName(page.Name).Split('-')[0])
        );

    [Fact]
    public void Index_HasTheNumberTitleAndDateOfEach()
    {
        string[] rows = [.. MarkdownPage.All.Single(page => page.Name == Index).Text.Split('\n').Where(IsRow)];
        Assert.Equal(Decisions.Count, rows.Length);
        Assert.All(
            Decisions.Zip(rows),
            entry =>
            {
                var head = Head().Match(entry.First.Text);
                Assert.True(head.Success, $"{entry.First.Name} must begin with '# NNNN: title' and a line 'Date: yyyy-mm-dd'.");
                string number = head.Groups["number"].Value;
                string file = Path.GetFileName(entry.First.Name);
                string start = $"| [{number}]({file}) | {head.Groups["title"].Value} | {head.Groups["date"].Value} | ";
                Assert.StartsWith(start, entry.Second, StringComparison.Ordinal);
            }
        );
    }

    private static bool IsRow(string line) => line.StartsWith("| [", StringComparison.Ordinal);

    [GeneratedRegex(@"^# (?<number>\d{4}): (?<title>.*)\n\nDate: (?<date>\d{4}-\d\d-\d\d)(, updated \d{4}-\d\d-\d\d)?\n")]
    private static partial Regex Head();
}

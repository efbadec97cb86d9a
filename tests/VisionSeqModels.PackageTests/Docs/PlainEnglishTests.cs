using System.Xml.Linq;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Docs;

/// <summary>Sentences are short, on every page and in the documentation of every public member.</summary>
[Collection(PackedCollections.Docs)]
public sealed class PlainEnglishTests(Packed packed, ITestOutputHelper output)
{
    private const double LongestMean = 18;
    private const int LongestSentence = 30;

    /// <summary>Decisions are for contributors: they may weigh more in one sentence.</summary>
    private const int LongestInDecisions = 45;

    private const int LongestInMembers = 35;

    public static TheoryData<string> Pages => [.. MarkdownPage.All.Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_HasShortSentences(string name)
    {
        var sentences = ProseSentences.OfPage(MarkdownPage.All.Single(page => page.Name == name));
        int longest = name.StartsWith("docs/decisions/", StringComparison.Ordinal) ? LongestInDecisions : LongestSentence;

        output.WriteLine(Summary(sentences));
        AssertNoneIsLonger(sentences, longest);
        Assert.True(sentences.Count == 0 || Mean(sentences) <= LongestMean, Summary(sentences));
    }

    [Fact]
    public void PublicMembers_HaveShortSentences()
    {
        var sentences = packed
            .Library.Documentation.Descendants("member")
            .SelectMany(member => member.Elements())
            .SelectMany(element => Text(element).Split("\n\n"))
            .SelectMany(block =>
                ProseSentences.OfText(string.Join(' ', block.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
            )
            .ToList();

        output.WriteLine(Summary(sentences));
        AssertNoneIsLonger(sentences, LongestInMembers);
        Assert.InRange(Mean(sentences), 5, 14);
    }

    [Theory]
    [InlineData("The first is short here. The second, with `a. B` in it, is short too.", 2)]
    [InlineData("As Smilkov et al. 2017 show it, this is one sentence.", 1)]
    [InlineData("- an item of some words\n- another item of some words", 2)]
    [InlineData("| a cell with four words | the next cell has five |", 2)]
    [InlineData("# A heading is no sentence at all\n\n```\nA block is none. It is code.\n```\n", 0)]
    public void Prose_IsCutIntoSentences(string markdown, int count) =>
        Assert.Equal(count, ProseSentences.OfPage(new MarkdownPage("", markdown)).Count);

    [Fact]
    public void Words_AreCounted_AndCodeIsOne() =>
        Assert.Equal(
            6,
            ProseSentences.WordCount(ProseSentences.OfText("Call `model.train(false)` before `Fit` is called.").Single())
        );

    private static void AssertNoneIsLonger(IEnumerable<string> sentences, int words)
    {
        string[] longer = [.. sentences.Where(sentence => ProseSentences.WordCount(sentence) > words)];
        Assert.True(longer.Length == 0, $"Longer than {words} words:\n{string.Join("\n\n", longer)}");
    }

    private static double Mean(IReadOnlyCollection<string> sentences) => sentences.Average(ProseSentences.WordCount);

    private static string Summary(IReadOnlyList<string> sentences) =>
        sentences.Count == 0
            ? "no sentence"
            : FormattableString.Invariant(
                $"{sentences.Count} sentences, mean {Mean(sentences):f1} words, longest {sentences.Max(ProseSentences.WordCount)}"
            );

    /// <summary>An element's text; a reference or a piece of code is one word, paragraphs are apart.</summary>
    private static string Text(XElement element) =>
        string.Concat(
            element
                .Nodes()
                .Select(node =>
                    node switch
                    {
                        XText text => text.Value,
                        XElement { Name.LocalName: "see" or "c" or "paramref" or "typeparamref" or "seealso" } => "X",
                        XElement { Name.LocalName: "code" } => "",
                        XElement { Name.LocalName: "para" } child => $"\n\n{Text(child)}",
                        XElement child => $" {Text(child)}",
                        _ => "",
                    }
                )
        );
}

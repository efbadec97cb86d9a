using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>Sources and prose keep the width, the length and the words of the house (CONTRIBUTING.md).</summary>
public sealed partial class TextFormTests
{
    private const int Width = 130;
    private const int Length = 400;

    /// <summary>Words that the project no longer uses, with the word to use.</summary>
    private static readonly (Regex Retired, string Use)[] Words =
    [
        (Figure(), "metric for a number, chart or picture for a drawing"),
        (Share(), "fraction"),
        (Told(), "reported, says"),
        (Anew(), "again, from the start"),
        (WayBack(), "backward pass"),
        (Rectifier(), "ReLU"),
        (Surest(), "most confident"),
        (GoesOn(), "resumed, continues"),
        (TakenUp(), "resumed"),
        (OneOfWords(), "message, title, caption"),
    ];

    /// <summary>Files in which a figure is an element of HTML, and the one that names what was renamed.</summary>
    private static readonly string[] Exempt =
    [
        "CHANGELOG.md",
        $"{nameof(TextFormTests)}.cs",
        "ReportPageStyle.cs",
        "SvgChartScript.cs",
        "SvgChartStyle.cs",
        "StudyReportBrowserTests.cs",
    ];

    /// <summary>The sources that people write, and the pages.</summary>
    public static TheoryData<string> Folders => ["src", "tests", "samples", "build", "docs", "."];

    [Theory]
    [MemberData(nameof(Folders))]
    public void NoLine_IsWiderThanThePage(string folder)
    {
        var wide = SourceFiles
            .In(folder)
            .SelectMany(file => SourceFiles.Lines(file).Where(line => line.Text.Length > Width && !IsTable(file, line.Text)))
            .Select(line => $"{line.Place}: {line.Text.Length} columns");
        Assert.True(!wide.Any(), $"These lines have more than {Width} columns:\n{string.Join('\n', wide)}");
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void NoSourceFile_IsLongerThanItMay(string folder) =>
        Assert.All(
            SourceFiles.In(folder).Where(file => file.EndsWith(".cs", StringComparison.Ordinal)),
            file => Assert.True(SourceFiles.Lines(file).Count() <= Length, $"{file} has more than {Length} lines.")
        );

    [Theory]
    [MemberData(nameof(Folders))]
    public void NoRetiredWord_IsUsed(string folder)
    {
        var found =
            from file in SourceFiles.In(folder)
            where !Exempt.Contains(Path.GetFileName(file))
            from line in SourceFiles.Lines(file)
            from word in Words
            where word.Retired.IsMatch(line.Text)
            select $"{line.Place}: \"{word.Retired.Match(line.Text).Value}\" (use: {word.Use})";
        Assert.True(!found.Any(), $"These words are retired:\n{string.Join('\n', found)}");
    }

    [Theory]
    [InlineData("the figures of an epoch", true)]
    [InlineData("configure; reconfigured; <figure>", false)]
    [InlineData("RisingShare", true)]
    [InlineData("what they share; a shared folder; FileShare.None", false)]
    [InlineData("sums.Figures(\"train_\")", true)]
    [InlineData("in libtorch's words", true)]
    public void TheSearch_KnowsWordsFromParts(string text, bool isRetired) =>
        Assert.Equal(isRetired, Words.Any(word => word.Retired.IsMatch(text)));

    private static bool IsTable(string file, string line) =>
        file.EndsWith(".md", StringComparison.Ordinal)
        && (line.StartsWith('|') || line.StartsWith("![", StringComparison.Ordinal));

    [GeneratedRegex(@"(?<!</?)\b[Ff]igures?\b(?![>=])|(?<=[a-z])Figures?\b")]
    private static partial Regex Figure();

    [GeneratedRegex(
        @"\b(?:an?|the|its|by|each|this|that|as|what|which|double) shares?\b|\bshares? of\b|(?<=[a-z])(?<!File)Shares?(?![a-z])"
    )]
    private static partial Regex Share();

    [GeneratedRegex(@"\btold\b|(?<=[a-z_])Told(?![a-z])", RegexOptions.IgnoreCase)]
    private static partial Regex Told();

    [GeneratedRegex(@"\banew\b", RegexOptions.IgnoreCase)]
    private static partial Regex Anew();

    [GeneratedRegex(@"\bway back\b|WayBack", RegexOptions.IgnoreCase)]
    private static partial Regex WayBack();

    [GeneratedRegex(@"rectifier", RegexOptions.IgnoreCase)]
    private static partial Regex Rectifier();

    [GeneratedRegex(@"\bsurest\b", RegexOptions.IgnoreCase)]
    private static partial Regex Surest();

    [GeneratedRegex(@"\b(?:go|goes|gone|going|went) on with\b", RegexOptions.IgnoreCase)]
    private static partial Regex GoesOn();

    [GeneratedRegex(@"\b(?:taken|take|takes) up again\b", RegexOptions.IgnoreCase)]
    private static partial Regex TakenUp();

    [GeneratedRegex(@"\b(?:[Ii]n|[Ww]ith|own|[Tt]he|of|these|those|'s|s') words\b|\bWords\b")]
    private static partial Regex OneOfWords();
}

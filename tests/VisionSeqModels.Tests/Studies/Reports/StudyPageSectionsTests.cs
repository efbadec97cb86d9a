using System.Text.RegularExpressions;
using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed partial class StudyPageSectionsTests
{
    [Fact]
    public void Sections_AreInThisOrder_WhereThereIsSomethingToSay()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["a-1"]);
        var claim = new LedgerClaim
        {
            Token = 1,
            Worker = "w",
            Machine = MadeUpMachine.Any,
            Time = DateTimeOffset.UnixEpoch,
        };
        string html = Html(
            TheStudy with
            {
                Question = "Which <one>?",
                Command = "dotnet <run>",
                Halving = new SuccessiveHalvingOptions { MaximumEpochs = 3 },
            },
            folder.Root,
            Ran("a", 0.5, """{ "epochs": 1 }""") with
            {
                Changes = ["epochs was <1> and is 2"],
                Claims = [claim],
            },
            Ran("a", 0.5, """{ "epochs": 1, "clip": 1 }""", seed: 2) with
            {
                Reason = "<said> so",
            },
            Ran("b", 0.75, """{ "epochs": 1 }"""),
            Ran("b", 0.75, """{ "epochs": 2 }""", seed: 2)
        );
        Assert.Equal(
            [
                "What each factor does",
                "Settings",
                "Trials that did not run to the end, or have no result",
                "Trials with other options",
                "Curves",
                "Each run",
                "Budget",
                "Workers",
                "Trials",
                "What differed between trials",
                "What was held fixed",
                "Data and machine",
                "Command",
            ],
            Headings(html)
        );
        string changed = StudyNotes.ChangedNote.Replace("'", "&#39;", StringComparison.Ordinal);
        string[] parts =
        [
            "<h1>Which &lt;one&gt;?</h1>\n<p>The best final test accuracy is that of “b”: 0.7500",
            "<p>2 settings, 2 seeds, 4 trials: 4 completed. Varied: rate.</p>",
            "<ul class=\"verdicts\"><li>rate b against a: ",
            "<p class=\"note\">Differences are taken in pairs over the seeds.",
            "<p class=\"note\">★ is the best value of its column",
            "<ul class=\"reasons\"><li><b>a, seed 2</b>: completed: &lt;said&gt; so</li></ul>",
            $"<p>{changed}</p>\n<ul class=\"reasons\"><li><b>a, seed 1</b>: epochs was &lt;1&gt; and is " + "2</li></ul>",
            "<p>These differ, though they go with no factor: epochs. What is compared may be their doing.</p>",
            "<p class=\"note\">A line is the mean over the seeds that did the epoch, its band their range. Point at a chart, or "
                + "take the arrow keys, for values; clear a box to hide a setting: the axes fit what is left.</p>",
            "<p><code>dotnet &lt;run&gt;</code></p>",
            "<a href=\"a-1/\">a</a>",
        ];
        Assert.All(parts, part => Assert.Contains(part, html, StringComparison.Ordinal));
        Assert.Contains("<h3>Each setting by itself: accuracy by epoch<", html, StringComparison.Ordinal);
    }

    [Fact]
    public void StudyWithNothingToSay_HasFewSections()
    {
        string html = Html(TheStudy, null, Trial("a", null));
        Assert.Equal(
            ["Settings", "Trials that did not run to the end, or have no result", "Curves", "Data and machine"],
            Headings(html)
        );
        Assert.Contains("<p>No trial has finished an epoch.</p>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Point at a chart", html, StringComparison.Ordinal);
    }

    [Fact]
    public void StudyWhoseTrialsAllRan_HasNoSectionOnOthers() =>
        Assert.Equal(
            ["Settings", "Curves", "What was held fixed", "Data and machine"],
            Headings(Html(TheStudy, null, Ran("a", 0.5, """{ "epochs": 1 }""")))
        );

    [Fact]
    public void LinesOfSingleTrials_AreSaidToBeThat() =>
        Assert.Contains(
            "<p class=\"note\">A line is a trial. Point at a chart",
            Html(TheStudy, null, Ran("a", 0.5, "{}")),
            StringComparison.Ordinal
        );

    [Fact]
    public void MeansInOneChartOfTwo_AreSaid()
    {
        var both = new Dictionary<string, double> { ["test_accuracy"] = 0.5, ["test_loss"] = 1 };
        var first = Ran("a", 0.5, "{}") with { History = History([Epoch.Of(1, both)]) };
        string html = Html(TheStudy, null, first, Ran("a", 0.5, "{}", seed: 2));
        Assert.Contains("<p class=\"note\">A line is the mean over the seeds that did", html, StringComparison.Ordinal);
    }

    /// <summary>A setting's points are in a large chart and in a small one.</summary>
    [Theory]
    [InlineData(1, 30_000, "what is left.</p>")]
    [InlineData(1, 30_001, "what is left. Drawn is one epoch in 2.</p>")]
    [InlineData(2, 15_000, "what is left.</p>")]
    [InlineData(2, 15_001, "what is left. Drawn is one epoch in 2.</p>")]
    public void ManyPoints_AreThinned(int settings, int epochs, string text)
    {
        var history = History([.. Enumerable.Range(1, epochs).Select(epoch => Epoch.Of(epoch, "test_accuracy", 0.5))]);
        var trials = Enumerable.Range(0, settings).Select(i => Trial($"s{i}", 0.5) with { History = history });
        Assert.Contains(text, Html(TheStudy, null, [.. trials]), StringComparison.Ordinal);
    }

    [Fact]
    public void Grid_HasItsTableAndItsMap_SearchItsLines()
    {
        string html = Html(
            TheStudy with
            {
                Plan = StudyPlanKind.Grid,
            },
            null,
            [
                .. from rate in new[] { "1", "2" }
                from size in new[] { "1", "2" }
                select Trial($"{rate} {size}", 0.5, factors: [("rate", rate), ("size", size)]),
            ]
        );
        Assert.Contains("<th scope=\"col\" class=\"word\">effect</th>", html, StringComparison.Ordinal);
        Assert.Contains("<figcaption>final test accuracy by rate (rows) and size (columns)", html, StringComparison.Ordinal);
        string search = Html(
            TheStudy with
            {
                Plan = StudyPlanKind.Sampled,
            },
            null,
            [.. Enumerable.Range(1, 10).Select(i => Trial($"rate {i}", i, factors: [("rate", $"{i}")]))]
        );
        Assert.Contains("<svg class=\"chart parallel c0\"", search, StringComparison.Ordinal);
        string[] others = ["gridmap c0", ">effect</th>", "<p class=\"note\"></p>"];
        Assert.All(others, part => Assert.DoesNotContain(part, search, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Headings(string html) => Heading().Matches(html).Select(match => match.Groups[1].Value);

    private static TrialResult Ran(string setting, double score, string trainer, long seed = 1) =>
        Trial(setting, score, seed) with
        {
            Record = RunOf(trainer),
            History = History("test_accuracy", score),
        };

    private static string Html(StudyFile study, string? root, params TrialResult[] trials)
    {
        using var folder = new TempFolder();
        StudyPage.Of(new StudyReport(new StudySummary(study, trials), root)).Save(folder["report.html"]);
        return File.ReadAllText(folder["report.html"]);
    }

    [GeneratedRegex("<h2>([^<]*)</h2>")]
    private static partial Regex Heading();
}

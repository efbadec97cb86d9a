using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyMarkdownTests
{
    private static readonly WorkerMachine Machine = MadeUpMachine.Any;

    [Fact]
    public void SmallStudy_IsThisText()
    {
        var report = Report(
            TheStudy with
            {
                Question = "Which | rate?",
                Command = "dotnet run",
            },
            Ran("a", 0.5, """{ "epochs": 1, "shuffle": true }"""),
            Ran("b", 0.75, """{ "epochs": 2, "shuffle": true }""")
        );
        Assert.Equal(
            """
            # Which \| rate?

            The best final test accuracy is that of “b”: 0.7500. One seed says nothing about chance.

            2 settings, 1 seed, 2 trials: 2 completed. Varied: rate.

            ## What each factor does

            - rate b against a: undecided. Final test accuracy 0.7500 against 0.5000: +0.2500. One seed ␣
            says nothing about chance.

            ## Settings

            | setting | final test accuracy | best test accuracy | at epoch | final train loss | seconds | samples/s | ␣
            parameters | outcome |
            | --- | --- | --- | --- | --- | --- | --- | --- | --- |
            | a | 0.5000 | 0.5000 | 1 |  | 0.0 | 1 |  | completed |
            | b | **0.7500** | **0.7500** | 1 |  | 0.0 | 1 |  | completed |

            Bold is the best value of its column among the settings with a trial that ended well. Where some ␣
            trials of a setting ended well, its numbers are theirs alone.

            ## Curves

            ![\[accuracy] by epoch](a%20b.png)

            ![loss](loss.png)

            ## What differed between trials

            | option | values | goes with the factor |
            | --- | --- | --- |
            | epochs | 1 (a); 2 (b) | rate |

            ## What was held fixed

            - training: shuffle yes

            ## Data and machine

            - data: none
            - device: cpu
            - threads a trial: 1
            - first trial begun: 2026-05-04 10:00:00 +02:00
            - last trial ended: 2026-05-04 10:00:10 +02:00
            - seconds of all trials: 20.0

            ## Command

            ```
            dotnet run
            ```

            """.ReplaceLineEndings("\n").Replace("␣\n", "", StringComparison.Ordinal),
            StudyMarkdown.Of(report, [("[accuracy] by epoch", "a b.png"), ("loss", "loss.png")], [])
        );
    }

    [Fact]
    public void Sections_AreInThisOrder_WhereThereIsSomethingToSay()
    {
        var report = Report(
            TheStudy,
            Ran("a", 0.5, """{ "epochs": 1 }""") with
            {
                Changes = ["epochs was 1 and is 2"],
                Claims = [Claim],
            },
            Ran("a", 0.5, """{ "epochs": 1, "clip": 1 }""", seed: 2) with
            {
                Reason = "said so",
            },
            Ran("b", 0.75, """{ "epochs": 1 }"""),
            Ran("b", 0.75, """{ "epochs": 2 }""", seed: 2)
        );
        string text = StudyMarkdown.Of(report, [], [("map", "m.png"), ("other", "o.png")]);
        Assert.Equal(
            [
                "What each factor does",
                "Settings",
                "Trials that did not run to the end, or have no result",
                "Trials with other options",
                "Curves",
                "Each run",
                "Workers",
                "What differed between trials",
                "What was held fixed",
                "Data and machine",
            ],
            text.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..])
        );
        string method = report.Conclusion.Method.Replace("<", "&lt;", StringComparison.Ordinal);
        string[] parts =
        [
            $"\n{method}\n\n![map](m.png)\n\n![other](o.png)\n\n\n## Settings\n\n| setting | ",
            "\n\n- a, seed 2: completed: said so\n\n",
            $"\n\n{StudyNotes.ChangedNote}\n\n- a, seed 1: epochs was 1 and is 2\n\n## Curves\n\nNo trial has finished "
                + "an epoch.\n\n",
            "## Each run\n\n| setting | seed | ",
            "| a | 1 | 0.5000 |",
            "## Workers\n\n1 worker made 1 claim, on machines of one kind: X64 with avx2, TorchSharp 1.0, 1 "
                + "threads.\n\n| claim | ",
            "| epochs | 1 (a, b); 2 (b) | none |\n\nThese differ, though they go with no factor: epochs. What is compared may ",
            "## What was held fixed\n\n- training: clip 1 (where there is one)\n\n## Data",
        ];
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.EndsWith("- seconds of all trials: 40.0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void StudyWithNothingToSay_HasFewSections()
    {
        string text = StudyMarkdown.Of(Report(TheStudy, Trial("a", null)), [], []);
        Assert.Equal(
            ["## Trials that did not run to the end, or have no result", "## Curves", "## Data and machine"],
            text.Split('\n').Where(line => line.StartsWith('#')).Skip(1)
        );
    }

    [Fact]
    public void Grid_HasItsTableOfEffects()
    {
        var report = Report(
            TheStudy with
            {
                Plan = StudyPlanKind.Grid,
            },
            [
                .. from rate in new[] { "1", "2" }
                from size in new[] { "1", "2" }
                select Trial($"{rate} {size}", 0.5, factors: [("rate", rate), ("size", size)]),
            ]
        );
        Assert.Contains(
            "## What each factor does\n\n- rate 2 against 1, averaged over size: undecided.",
            StudyMarkdown.Of(report, [], []),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\n\n| effect | of | difference | 95 % interval | p, corrected | verdict |\n| --- | --- | --- | --- | --- | --- |\n"
                + "| rate | 2 against 1 | 0.0000 |  |  | undecided |\n",
            StudyMarkdown.Of(report, [], []),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a `b` c", "```")]
    [InlineData("a ``` b", "````")]
    [InlineData("```` `", "`````")]
    [InlineData("`` `` ``", "```")]
    public void Command_StandsInAFenceLongerThanItsOwn(string command, string fence) =>
        Assert.EndsWith(
            $"## Command\n\n{fence}\n{command}\n{fence}\n",
            StudyMarkdown.Of(Report(TheStudy with { Command = command }, Trial("a", 1)), [], []),
            StringComparison.Ordinal
        );

    [Fact]
    public void Text_IsNoMarkup_AndOnOneLine() =>
        Assert.StartsWith(
            "# a b \\*c\\* \\`d\\` \\[e] \\\\ &lt;f> \\| g\n",
            StudyMarkdown.Of(Report(TheStudy with { Question = "a\nb *c* `d` [e] \\ <f> | g" }, Trial("a", 1)), [], []),
            StringComparison.Ordinal
        );

    private static LedgerClaim Claim =>
        new()
        {
            Token = 1,
            Worker = "w",
            Machine = Machine,
            Time = DateTimeOffset.UnixEpoch,
        };

    private static TrialResult Ran(string setting, double score, string trainer, long seed = 1) =>
        Trial(setting, score, seed) with
        {
            Record = RunOf(trainer),
            History = History("test_accuracy", score),
        };

    private static StudyReport Report(StudyFile study, params TrialResult[] trials) => new(new StudySummary(study, trials));
}

using System.Globalization;
using VisionSeqModels.Studies;

/// <summary>The settings that the homework decides for, which are the studies' bases, and what the numbers say to them.</summary>
internal static class Decisions
{
    private static readonly (string Part, string Study, string Model)[] Studies =
    [
        ("1b", "lenet", "LeNet"),
        ("3a", "rnn", "RNN"),
    ];

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        var verdicts = Studies
            .Where(entry => folder.File.Parts.Contains(entry.Part))
            .SelectMany(entry => folder.Study(entry.Study).Conclusion.Factors.Select(verdict => (entry.Model, Verdict: verdict)))
            .ToList();
        if (verdicts.Count == 0)
        {
            yield break;
        }

        yield return new Block.Heading("The homework's decisions");
        yield return new Block.Paragraph($"{string.Join(" ", Decided(verdicts))} {Answer(verdicts)}");
        yield return new Block.Table(
            ["model", "decided", "compared with", "the other value is"],
            [
                .. verdicts.Select(entry =>
                    (string[])
                        [
                            entry.Model,
                            $"{entry.Verdict.Factor} {entry.Verdict.BaseValue}",
                            $"{entry.Verdict.Factor} {entry.Verdict.Value}",
                            Word(entry.Verdict),
                        ]
                ),
            ]
        );
    }

    private static IEnumerable<string> Decided(IEnumerable<(string Model, FactorVerdict Verdict)> verdicts) =>
        verdicts
            .GroupBy(entry => entry.Model)
            .Select(model =>
                $"{model.Key}: {Has([.. model.Select(entry => entry.Verdict)])} "
                + Phrases.List([.. model.Select(entry => $"{entry.Verdict.Factor} {entry.Verdict.BaseValue}").Distinct()])
                + "."
            );

    /// <summary>--lr and --batch-size change the base, and so does --quick.</summary>
    private static string Has(IReadOnlyList<FactorVerdict> verdicts)
    {
        var decided = new Setting();
        bool IsDecided(FactorVerdict verdict, string factor, double value) =>
            verdict.Factor != factor || double.Parse(verdict.BaseValue, CultureInfo.InvariantCulture) == value;
        return verdicts.All(verdict =>
            IsDecided(verdict, "learning rate", decided.LearningRate) && IsDecided(verdict, "batch size", decided.BatchSize)
        )
            ? "the homework decides for"
            : "unlike the homework's decision, the base here has";
    }

    private static string Answer(IReadOnlyList<(string Model, FactorVerdict Verdict)> verdicts)
    {
        var against = verdicts.Where(entry => entry.Verdict.Verdict == Verdict.Better).ToList();
        int open = verdicts.Count(entry => entry.Verdict.Verdict == Verdict.Undecided);
        string rest = open == 0 ? "" : $" With these seeds {open} of {verdicts.Count} comparisons are undecided.";
        return against.Count == 0
            ? $"None of {verdicts.Count} comparisons contradicts that.{rest}"
            : $"Of {verdicts.Count} comparisons {against.Count} {(against.Count == 1 ? "contradicts" : "contradict")} that. "
                + string.Join(" ", against.Select(entry => $"{entry.Model}, {entry.Verdict.Sentence}"))
                + rest;
    }

    private static string Word(FactorVerdict verdict) =>
        verdict.Verdict switch
        {
            Verdict.Better => "better: contradicts the decision",
            Verdict.Worse => "worse: supports the decision",
            Verdict.Equivalent => "as good",
            _ => "undecided",
        };
}

using VisionSeqModels.Studies;

/// <summary>The settings that the homework decides for, which are the studies' bases, and what the numbers say to them.</summary>
internal static class Decisions
{
    private static readonly (string Part, string Study)[] Studies = [("1b", "lenet"), ("3a", "rnn")];

    public static IEnumerable<Block> Of(HomeworkFolder folder)
    {
        var verdicts = Studies
            .Where(entry => folder.File.Parts.Contains(entry.Part))
            .SelectMany(entry => folder.Study(entry.Study).Conclusion.Factors.Select(verdict => (entry.Study, Verdict: verdict)))
            .ToList();
        if (verdicts.Count == 0)
        {
            yield break;
        }

        yield return new Block.Heading("The homework's decisions");
        yield return new Block.Paragraph($"The homework decides for {string.Join("; ", Decided(verdicts))}. {Answer(verdicts)}");
        yield return new Block.Table(
            ["study", "decided", "against", "the other value is"],
            [
                .. verdicts.Select(entry =>
                    (string[])
                        [
                            entry.Study,
                            entry.Verdict.BaseValue,
                            $"{entry.Verdict.Factor} {entry.Verdict.Value}",
                            Word(entry.Verdict),
                        ]
                ),
            ]
        );
    }

    private static IEnumerable<string> Decided(IEnumerable<(string Study, FactorVerdict Verdict)> verdicts) =>
        verdicts
            .GroupBy(entry => entry.Study)
            .Select(study =>
                $"{study.Key}: "
                + string.Join(", ", study.Select(entry => $"{entry.Verdict.Factor} {entry.Verdict.BaseValue}").Distinct())
            );

    private static string Answer(IReadOnlyList<(string Study, FactorVerdict Verdict)> verdicts)
    {
        var against = verdicts.Where(entry => entry.Verdict.Verdict == Verdict.Better).ToList();
        int open = verdicts.Count(entry => entry.Verdict.Verdict == Verdict.Undecided);
        string rest = open == 0 ? "" : $" {open} of {verdicts.Count} comparisons are undecided with these seeds.";
        return against.Count == 0
            ? $"No comparison contradicts them.{rest}"
            : $"The numbers contradict {against.Count} of them. "
                + string.Join(" ", against.Select(entry => $"{entry.Study}: {entry.Verdict.Sentence}"))
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

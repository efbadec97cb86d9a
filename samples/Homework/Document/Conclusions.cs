using VisionSeqModels.Studies;

/// <summary>The sentences that a study's numbers support.</summary>
internal static class Conclusions
{
    private const double Least = 0.05;

    /// <summary>What the library says of each factor, and which settings overfit.</summary>
    public static IReadOnlyList<Block> Of(Study study) =>
        [
            new Block.Heading("What the numbers say", IsPart: true),
            new Block.Items([.. study.Conclusion.Sentences, Overfitting(study)]),
            .. new[] { study.Conclusion.Method }.Where(text => text.Length > 0).Select(text => new Block.Paragraph(text)),
        ];

    /// <summary>Which settings have a test loss that rises again, by more than noise moves it.</summary>
    private static string Overfitting(Study study)
    {
        var rises = StudyTable
            .Settings(study)
            .Select(trials => (trials[0].Setting, Epochs: StudyTable.BestEpochs(trials, "test_loss", false), Rise: Rise(trials)))
            .Where(entry => entry.Rise.Values.Count > 0 && entry.Rise.Values.All(rise => rise > Least))
            .OrderByDescending(entry => entry.Rise.Mean)
            .Select(entry =>
                $"{entry.Setting} (lowest after epoch {entry.Epochs}, at the end {Percent(entry.Rise.Mean)} above that)"
            )
            .ToList();
        return rises.Count == 0
            ? $"No setting overfits: none has a test loss that ends more than {Percent(Least)} above its lowest value for "
                + "every seed."
            : "Overfitting: for every seed the test loss ends more than "
                + $"{Percent(Least)} above its lowest value. That holds for {string.Join("; ", rises)}.";
    }

    /// <summary>How far the test loss ends above its lowest value, as a fraction of that.</summary>
    private static Spread Rise(IReadOnlyList<TrialResult> trials) =>
        Spread.Of(
            trials.Select(trial => (trial.Final!["test_loss"] / trial.History!.Best("test_loss", false)?["test_loss"]) - 1)
        );

    private static string Percent(double fraction) => FormattableString.Invariant($"{100 * fraction:f0} %");
}

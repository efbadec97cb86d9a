using VisionSeqModels.Studies;

/// <summary>The sentences that a study's numbers support.</summary>
internal static class Conclusions
{
    /// <summary>What the library says of each factor, and which settings overfit.</summary>
    public static IReadOnlyList<Block> Of(Study study) =>
        [
            new Block.Heading("What the numbers say", IsPart: true),
            new Block.Items([.. study.Conclusion.Sentences, Overfitting(study)]),
            .. new[] { study.Conclusion.Method }.Where(text => text.Length > 0).Select(text => new Block.Paragraph(text)),
        ];

    /// <summary>Which settings have a test loss that rises again.</summary>
    private static string Overfitting(Study study)
    {
        var rises = StudyTable
            .Settings(study)
            .Select(trials => (trials[0].Setting, Epochs: StudyTable.BestEpochs(trials, "test_loss", false), Rise: Rise(trials)))
            .Where(entry => entry.Rise.Values.All(rise => rise > 0))
            .OrderByDescending(entry => entry.Rise.Mean)
            .Select(entry => $"{entry.Setting} (lowest after epoch {entry.Epochs}, then up by {entry.Rise.Text})")
            .ToList();
        return rises.Count == 0
            ? "No setting has a test loss that rises again for every seed."
            : $"Overfitting, a test loss that rises again for every seed: {string.Join("; ", rises)}.";
    }

    private static Spread Rise(IReadOnlyList<TrialResult> trials) =>
        Spread.Of(trials.Select(trial => trial.Final!["test_loss"] - trial.History!.Best("test_loss", false)?["test_loss"]));
}

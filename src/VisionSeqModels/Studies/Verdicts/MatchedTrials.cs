namespace VisionSeqModels.Studies;

/// <summary>The trials of two settings with the same seed and fold.</summary>
/// <param name="Sample">The differences of those that both have a result, the second less the first.</param>
/// <param name="BaseMean">The first's mean over the pairs; null without a pair.</param>
/// <param name="Mean">The second's.</param>
/// <param name="AllPairs">How many there are, with those that lack a result.</param>
/// <param name="WithoutResult">The trials that lack one.</param>
internal sealed record MatchedTrials(
    PairedSample Sample,
    double? BaseMean,
    double? Mean,
    int AllPairs,
    IReadOnlyList<TrialResult> WithoutResult
)
{
    public static MatchedTrials Of(SettingSummary first, SettingSummary second, StudyFile study)
    {
        (long, int?)[] pairs = [.. first.Finals.Keys.Where(second.Finals.ContainsKey)];
        double[] differences = [.. pairs.Select(pair => second.Finals[pair] - first.Finals[pair])];
        return new MatchedTrials(
            new PairedSample(differences, study.Folds is StudyFolds folds ? 1.0 / (folds.Count - 1) : 0),
            pairs.Length == 0 ? null : pairs.Average(pair => first.Finals[pair]),
            pairs.Length == 0 ? null : pairs.Average(pair => second.Finals[pair]),
            first.Trials.Concat(second.Trials).Select(trial => (trial.Seed, trial.Fold)).Distinct().Count(),
            [.. first.Trials.Concat(second.Trials).Where(trial => trial.Score is null)]
        );
    }
}

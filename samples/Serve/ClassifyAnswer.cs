namespace VisionSeqModels.Samples.Serve;

/// <summary>The answer to a posted image.</summary>
/// <param name="Labels">Every label with its probability, the most likely first.</param>
internal sealed record ClassifyAnswer(IReadOnlyList<ScoredLabel> Labels)
{
    public static ClassifyAnswer Of(string[] names, float[] probabilities) =>
        new([
            .. probabilities
                .Select((probability, i) => new ScoredLabel(names[i], probability))
                .OrderByDescending(x => x.Probability),
        ]);
}

/// <summary>A label with its probability.</summary>
internal readonly record struct ScoredLabel(string Label, float Probability);

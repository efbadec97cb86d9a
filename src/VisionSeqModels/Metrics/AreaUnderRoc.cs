using VisionSeqModels.Metrics;

namespace VisionSeqModels;

/// <summary>The area under the receiver operating characteristic (AUROC, scikit-learn's <c>roc_auc_score</c>): how often a
/// positive sample has a higher score than a negative one, 0 to 1; 0.5 is chance.</summary>
/// <remarks>It is exact, over all samples together, and independent of any threshold; equal scores count half. Where a class
/// has no sample, or all of them, it is not defined and NaN. torchmetrics calls it <c>AUROC</c>.</remarks>
public sealed class AreaUnderRoc : RankingMetric
{
    private const string Title = "auroc";

    /// <summary>Makes the metric of yes-or-no answers, named <c>auroc</c>: outputs and targets of one shape; each element is an
    /// answer, and a target above 0.5 is a yes. Scores may be raw or probabilities.</summary>
    public AreaUnderRoc()
        : this(Ranking.Binary) { }

    private AreaUnderRoc(Ranking ranking)
        : base(Title, ranking) { }

    /// <summary>The metric of several yes-or-no labels a sample, named <c>auroc_macro</c>, <c>auroc_micro</c> or
    /// <c>auroc_weighted</c>. Scores and targets are <c>[batch, labels]</c>.</summary>
    /// <param name="labelCount">The number of labels, at least 1.</param>
    /// <param name="average">How the values of the labels are averaged.</param>
    public static AreaUnderRoc MultiLabel(int labelCount, Averaging average = Averaging.Macro) =>
        new(Ranking.MultiLabel(labelCount, average));

    /// <summary>The metric of several classes, each against all others (one-vs-rest), named as that of labels. It takes scores
    /// <c>[batch, classes]</c> and integer labels <c>[batch]</c>.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="average">How the values of the classes are averaged.</param>
    /// <param name="fromProbabilities">Whether the outputs are probabilities already; default false: they are raw scores,
    /// and softmax turns them into probabilities.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public static AreaUnderRoc MultiClass(
        int classCount,
        Averaging average = Averaging.Macro,
        bool fromProbabilities = false,
        long? ignoreIndex = null
    ) => new(Ranking.MultiClass(classCount, fromProbabilities, ignoreIndex) with { Average = average });

    /// <summary>A metric for each label, named <c>auroc_label0</c> and so on.</summary>
    /// <param name="labelCount">The number of labels, at least 1.</param>
    public static IReadOnlyList<Metric> PerLabel(int labelCount) =>
        Each(labelCount, label => new AreaUnderRoc(Ranking.MultiLabel(labelCount, only: label)));

    /// <summary>A metric for each class against all others, named <c>auroc_class0</c> and so on.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="fromProbabilities">Whether the outputs are probabilities already; default false.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public static IReadOnlyList<Metric> PerClass(int classCount, bool fromProbabilities = false, long? ignoreIndex = null)
    {
        var all = Ranking.MultiClass(classCount, fromProbabilities, ignoreIndex);
        return Each(classCount, index => new AreaUnderRoc(all with { Only = index }));
    }

    private protected override double Compute(RankedScores ranked) => ranked.AreaUnderRoc();
}

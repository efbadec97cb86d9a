using VisionSeqModels.Metrics;

namespace VisionSeqModels;

/// <summary>Average precision (scikit-learn's <c>average_precision_score</c>): the mean of the precisions at all thresholds, each
/// weighted by the recall that it adds, 0 to 1. It summarises the precision-recall curve.</summary>
/// <remarks>It is exact, over all samples together; equal scores are one threshold. The value of chance is the fraction of
/// positive samples. Without a positive sample it is not defined and NaN (scikit-learn reports 0).</remarks>
public sealed class AveragePrecision : RankingMetric
{
    private const string Title = "average_precision";

    /// <summary>Makes the metric of yes-or-no answers, named <c>average_precision</c>: outputs and targets of one shape; each
    /// element is an answer, and a target above 0.5 is a yes. Scores may be raw or probabilities.</summary>
    public AveragePrecision()
        : this(Ranking.Binary) { }

    private AveragePrecision(Ranking ranking)
        : base(Title, ranking) { }

    /// <summary>The metric of several yes-or-no labels a sample, named <c>average_precision_macro</c>,
    /// <c>average_precision_micro</c> or <c>average_precision_weighted</c>. Scores and targets are
    /// <c>[batch, labels]</c>.</summary>
    /// <param name="labelCount">The number of labels, at least 1.</param>
    /// <param name="average">How the values of the labels are averaged.</param>
    public static AveragePrecision MultiLabel(int labelCount, Averaging average = Averaging.Macro) =>
        new(Ranking.MultiLabel(labelCount, average));

    /// <summary>The metric of several classes, each against all others (one-vs-rest), named as that of labels. It takes scores
    /// <c>[batch, classes]</c> and integer labels <c>[batch]</c>.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="average">How the values of the classes are averaged.</param>
    /// <param name="fromProbabilities">Whether the outputs are probabilities already; default false: they are raw scores,
    /// and softmax turns them into probabilities.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public static AveragePrecision MultiClass(
        int classCount,
        Averaging average = Averaging.Macro,
        bool fromProbabilities = false,
        long? ignoreIndex = null
    ) => new(Ranking.MultiClass(classCount, fromProbabilities, ignoreIndex) with { Average = average });

    /// <summary>A metric for each label, named <c>average_precision_label0</c> and so on.</summary>
    /// <param name="labelCount">The number of labels, at least 1.</param>
    public static IReadOnlyList<Metric> PerLabel(int labelCount) =>
        Each(labelCount, label => new AveragePrecision(Ranking.MultiLabel(labelCount, only: label)));

    /// <summary>A metric for each class against all others, named <c>average_precision_class0</c> and so on.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="fromProbabilities">Whether the outputs are probabilities already; default false.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public static IReadOnlyList<Metric> PerClass(int classCount, bool fromProbabilities = false, long? ignoreIndex = null)
    {
        var all = Ranking.MultiClass(classCount, fromProbabilities, ignoreIndex);
        return Each(classCount, index => new AveragePrecision(all with { Only = index }));
    }

    private protected override double Compute(RankedScores ranked) => ranked.AveragePrecision();
}

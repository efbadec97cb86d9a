using VisionSeqModels.Metrics;

namespace VisionSeqModels;

/// <summary>The fraction of a class's samples that are found.</summary>
public sealed class Recall : ClassMetric
{
    /// <summary>Makes the metric, named <c>recall_macro</c>, <c>recall_micro</c> or <c>recall_weighted</c>.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="average">How the metrics of the classes are averaged.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public Recall(int classCount, Averaging average = Averaging.Macro, long? ignoreIndex = null)
        : base("recall", classCount, average, onlyClass: null, ignoreIndex) { }

    private Recall(int classCount, int onlyClass, long? ignoreIndex)
        : base("recall", classCount, Averaging.Macro, onlyClass, ignoreIndex) { }

    /// <summary>A metric for each class, named <c>recall_class0</c> and so on.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public static IReadOnlyList<Metric> PerClass(int classCount, long? ignoreIndex = null) =>
        Each(classCount, index => new Recall(classCount, index, ignoreIndex));

    private protected override double Compute(ClassCounts counts) => counts.Recall;
}

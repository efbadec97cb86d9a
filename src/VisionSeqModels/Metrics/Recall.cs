using VisionSeqModels.Metrics;

namespace VisionSeqModels;

/// <summary>The fraction of a class's samples that are found.</summary>
public sealed class Recall : ClassMetric
{
    /// <summary>Makes the metric, named <c>recall_macro</c> or <c>recall_micro</c>.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="average">How the metrics of the classes are averaged.</param>
    public Recall(int classCount, Averaging average = Averaging.Macro)
        : base("recall", classCount, average, onlyClass: null) { }

    private Recall(int classCount, int onlyClass)
        : base("recall", classCount, Averaging.Macro, onlyClass) { }

    /// <summary>A metric for each class, named <c>recall_class0</c> and so on.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    public static IReadOnlyList<Metric> PerClass(int classCount) => Each(classCount, index => new Recall(classCount, index));

    private protected override double Compute(ClassCounts counts) => counts.Recall;
}

using VisionSeqModels.Metrics;

namespace VisionSeqModels;

/// <summary>The fraction of a class's predictions that are correct.</summary>
public sealed class Precision : ClassMetric
{
    /// <summary>Makes the metric, named <c>precision_macro</c> or <c>precision_micro</c>.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="average">How the metrics of the classes are averaged.</param>
    public Precision(int classCount, Averaging average = Averaging.Macro)
        : base("precision", classCount, average, onlyClass: null) { }

    private Precision(int classCount, int onlyClass)
        : base("precision", classCount, Averaging.Macro, onlyClass) { }

    /// <summary>A metric for each class, named <c>precision_class0</c> and so on.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    public static IReadOnlyList<Metric> PerClass(int classCount) => Each(classCount, index => new Precision(classCount, index));

    private protected override double Compute(ClassCounts counts) => counts.Precision;
}

using VisionSeqModels.Metrics;

namespace VisionSeqModels;

/// <summary>The fraction of a class's predictions that are correct.</summary>
public sealed class Precision : ClassMetric
{
    /// <summary>Makes the metric, named <c>precision_macro</c>, <c>precision_micro</c> or <c>precision_weighted</c>.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="average">How the metrics of the classes are averaged.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public Precision(int classCount, Averaging average = Averaging.Macro, long? ignoreIndex = null)
        : base("precision", classCount, average, onlyClass: null, ignoreIndex) { }

    private Precision(int classCount, int onlyClass, long? ignoreIndex)
        : base("precision", classCount, Averaging.Macro, onlyClass, ignoreIndex) { }

    /// <summary>A metric for each class, named <c>precision_class0</c> and so on.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public static IReadOnlyList<Metric> PerClass(int classCount, long? ignoreIndex = null) =>
        Each(classCount, index => new Precision(classCount, index, ignoreIndex));

    private protected override double Compute(ClassCounts counts) => counts.Precision;
}

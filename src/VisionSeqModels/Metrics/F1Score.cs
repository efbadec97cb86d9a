using VisionSeqModels.Metrics;

namespace VisionSeqModels;

/// <summary>The harmonic mean of precision and recall.</summary>
public sealed class F1Score : ClassMetric
{
    /// <summary>Makes the metric, named <c>f1_macro</c>, <c>f1_micro</c> or <c>f1_weighted</c>.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="average">How the metrics of the classes are averaged.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public F1Score(int classCount, Averaging average = Averaging.Macro, long? ignoreIndex = null)
        : base("f1", classCount, average, onlyClass: null, ignoreIndex) { }

    private F1Score(int classCount, int onlyClass, long? ignoreIndex)
        : base("f1", classCount, Averaging.Macro, onlyClass, ignoreIndex) { }

    /// <summary>A metric for each class, named <c>f1_class0</c> and so on.</summary>
    /// <param name="classCount">The number of classes, at least 2.</param>
    /// <param name="ignoreIndex">The label of samples that do not count; default null, none.</param>
    public static IReadOnlyList<Metric> PerClass(int classCount, long? ignoreIndex = null) =>
        Each(classCount, index => new F1Score(classCount, index, ignoreIndex));

    private protected override double Compute(ClassCounts counts) => counts.F1;
}

using System.Globalization;
using VisionSeqModels.Metrics;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>A metric of each class, or their average: <see cref="Precision"/>, <see cref="Recall"/>,
/// <see cref="F1Score"/>.</summary>
/// <remarks>A class whose value would be 0/0 counts as 0, and is part of the macro average (scikit-learn's
/// <c>zero_division=0</c> with all labels given).</remarks>
public abstract class ClassMetric : Metric, IIgnoresLabels
{
    private readonly int _classCount;
    private readonly Averaging _average;
    private readonly int? _class;
    private readonly long? _ignoreIndex;

    private protected ClassMetric(string name, int classCount, Averaging average, int? onlyClass, long? ignoreIndex)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        _classCount = classCount;
        _average = average;
        _class = onlyClass;
        _ignoreIndex = ignoreIndex;
        string of = onlyClass is int index
            ? string.Create(CultureInfo.InvariantCulture, $"class{index}")
            : AveragingNames.Of(average);
        Name = $"{name}_{of}";
    }

    /// <inheritdoc/>
    public sealed override string Name { get; }

    long? IIgnoresLabels.IgnoreIndex => _ignoreIndex;

    /// <inheritdoc/>
    public sealed override Tensor Measure(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(targets);
        return ConfusionCounts.Of(Name, outputs, targets, _classCount, _ignoreIndex);
    }

    /// <inheritdoc/>
    public sealed override double Compute(ReadOnlySpan<double> total, long sampleCount)
    {
        double[] counts = total.ToArray();
        var perClass = Enumerable
            .Range(0, _classCount)
            .Select(c => new ClassCounts(
                counts[(c * _classCount) + c],
                Enumerable.Range(0, _classCount).Sum(t => counts[(t * _classCount) + c]),
                Enumerable.Range(0, _classCount).Sum(p => counts[(c * _classCount) + p])
            ))
            .ToList();
        if (_class is int only)
        {
            return Compute(perClass[only]);
        }

        double samples = perClass.Sum(c => c.Actual);
        return _average switch
        {
            Averaging.Macro => perClass.Average(Compute),
            Averaging.Weighted => perClass.Sum(c => c.Actual * Compute(c)) / samples,
            _ => Compute(new ClassCounts(perClass.Sum(c => c.Correct), perClass.Sum(c => c.Predicted), samples)),
        };
    }

    private protected abstract double Compute(ClassCounts counts);

    private protected static IReadOnlyList<Metric> Each(int classCount, Func<int, Metric> create) =>
        [.. Enumerable.Range(0, classCount).Select(create)];
}

using System.Globalization;
using System.Text;
using VisionSeqModels.Data;
using VisionSeqModels.Metrics;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How often each class was taken for each other one.</summary>
/// <remarks>A figure that would be 0/0 is 0, as scikit-learn's with <c>zero_division=0</c>.</remarks>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;

    /// <summary>Makes a matrix of counts.</summary>
    /// <param name="counts">Rows are true classes, columns predicted ones; square, none below 0. It is copied.</param>
    /// <param name="classNames">A name for each class, or null for their numbers.</param>
    /// <exception cref="ArgumentException">Not square, a count below 0, or another number of names.</exception>
    public ConfusionMatrix(long[,] counts, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int classes = counts.GetLength(0);
        classNames ??= [.. Enumerable.Range(0, classes).Select(index => index.ToString(CultureInfo.InvariantCulture))];
        if (counts.GetLength(1) != classes || classNames.Count != classes || counts.Cast<long>().Any(count => count < 0))
        {
            throw new ArgumentException(
                "A confusion matrix needs as many rows as columns and names, and counts of at least 0, but has "
                    + $"{classes} rows, {counts.GetLength(1)} columns and {classNames.Count} names.",
                nameof(counts)
            );
        }

        _counts = (long[,])counts.Clone();
        ClassNames = classNames;
    }

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How many classes there are.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>How many samples were counted.</summary>
    public long Total => _counts.Cast<long>().Sum();

    /// <summary>The share of samples predicted rightly, 0 to 1.</summary>
    public double Accuracy => Total == 0 ? 0 : (double)Classes.Sum(c => _counts[c, c]) / Total;

    /// <summary>The mean precision of the classes.</summary>
    public double MacroPrecision => Classes.Average(Precision);

    /// <summary>The mean recall of the classes.</summary>
    public double MacroRecall => Classes.Average(Recall);

    /// <summary>The mean F1 score of the classes.</summary>
    public double MacroF1 => Classes.Average(F1);

    /// <summary>How many samples of one class were taken for another.</summary>
    /// <param name="actual">The true class.</param>
    /// <param name="predicted">The predicted class.</param>
    public long this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>The share of a class's predictions that are right.</summary>
    /// <param name="classIndex">The class.</param>
    public double Precision(int classIndex) => Of(classIndex).Precision;

    /// <summary>The share of a class's samples that are found.</summary>
    /// <param name="classIndex">The class.</param>
    public double Recall(int classIndex) => Of(classIndex).Recall;

    /// <summary>The harmonic mean of a class's precision and recall.</summary>
    /// <param name="classIndex">The class.</param>
    public double F1(int classIndex) => Of(classIndex).F1;

    /// <summary>How many samples of a class there are.</summary>
    /// <param name="classIndex">The class.</param>
    public long Support(int classIndex) => Classes.Sum(p => _counts[classIndex, p]);

    /// <summary>Counts over a data set, with the model in evaluation mode; nothing of the model changes but its device.</summary>
    /// <param name="model">The model; it gives one score a class.</param>
    /// <param name="data">The data; every sample is used once.</param>
    /// <param name="classCount">How many classes there are.</param>
    /// <param name="classNames">Their names, or null for those of an <see cref="ImageDataset"/>, else their numbers.</param>
    /// <param name="options">Device and evaluation batch size; null for the defaults.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    public static ConfusionMatrix Collect(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        int classCount,
        IReadOnlyList<string>? classNames = null,
        TrainerOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        var counter = new CountsMetric(classCount);
        new Trainer((options ?? new TrainerOptions()) with { Metrics = [counter] }).Evaluate(model, data, cancellationToken);
        var counts = new long[classCount, classCount];
        Buffer.BlockCopy(counter.Counts, 0, counts, 0, counter.Counts.Length * sizeof(long));
        return new ConfusionMatrix(counts, classNames ?? NamesOf(data, classCount));
    }

    /// <summary>A table of the counts, and each class's precision, recall and F1 score.</summary>
    public override string ToString()
    {
        int width =
            Math.Max(6, Math.Max(ClassNames.Max(name => name.Length), Total.ToString(CultureInfo.InvariantCulture).Length)) + 2;
        var text = new StringBuilder();
        string Cell(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!.PadLeft(width);
        text.Append("actual".PadRight(width))
            .AppendJoin("", ClassNames.Select(Cell))
            .Append(Cell("precis."))
            .Append(Cell("recall"))
            .Append(Cell("f1"))
            .Append('\n');
        foreach (int c in Classes)
        {
            text.Append(ClassNames[c].PadRight(width)).AppendJoin("", Classes.Select(p => Cell(_counts[c, p])));
            text.AppendJoin(
                    "",
                    new[] { Precision(c), Recall(c), F1(c) }.Select(value =>
                        Cell(value.ToString("f3", CultureInfo.InvariantCulture))
                    )
                )
                .Append('\n');
        }

        return text.Append(
                CultureInfo.InvariantCulture,
                $"accuracy {Accuracy:f4} of {Total} samples; rows are true classes, columns predicted ones\n"
            )
            .ToString();
    }

    private IEnumerable<int> Classes => Enumerable.Range(0, ClassCount);

    private ClassCounts Of(int c) => new(_counts[c, c], Classes.Sum(t => _counts[t, c]), Support(c));

    private static IReadOnlyList<string>? NamesOf(IBatchSource data, int classCount)
    {
        var names = (data as IImageSource)?.ClassNames;
        return names?.Count == classCount ? names : null;
    }

    /// <summary>Takes the table of counts out of an ordinary evaluation.</summary>
    private sealed class CountsMetric(int classCount) : Metric
    {
        public override string Name => "confusion";

        public long[] Counts { get; private set; } = new long[classCount * classCount];

        public override Tensor Measure(Tensor outputs, Tensor targets) => ConfusionCounts.Of(outputs, targets, classCount);

        public override double Compute(ReadOnlySpan<double> total, long sampleCount)
        {
            Counts = Array.ConvertAll(total.ToArray(), value => (long)value);
            return 0;
        }
    }
}

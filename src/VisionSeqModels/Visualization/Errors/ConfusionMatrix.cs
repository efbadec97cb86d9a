using System.Globalization;
using System.Text;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>How often a classifier predicted each class for the samples of each class.</summary>
/// <remarks>A metric that would be 0/0 is 0, as scikit-learn's with <c>zero_division=0</c>.</remarks>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;
    private readonly ClassCounts[] _classes;

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
        long[] actual = new long[classes],
            predicted = new long[classes];
        for (int row = 0; row < classes; row++)
        {
            for (int column = 0; column < classes; column++)
            {
                actual[row] += counts[row, column];
                predicted[column] += counts[row, column];
            }
        }

        _classes = [.. Classes.Select(c => new ClassCounts(counts[c, c], predicted[c], actual[c]))];
        Total = actual.Sum();
    }

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How many classes there are.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>How many samples were counted.</summary>
    public long Total { get; }

    /// <summary>The fraction of samples that are predicted correctly, 0 to 1.</summary>
    public double Accuracy => Total == 0 ? 0 : (double)Classes.Sum(c => _counts[c, c]) / Total;

    /// <summary>The mean precision of the classes.</summary>
    public double MacroPrecision => Classes.Average(Precision);

    /// <summary>The mean recall of the classes.</summary>
    public double MacroRecall => Classes.Average(Recall);

    /// <summary>The mean F1 score of the classes.</summary>
    public double MacroF1 => Classes.Average(F1);

    /// <summary>How many samples of one class the model predicted as another.</summary>
    /// <param name="actual">The true class.</param>
    /// <param name="predicted">The predicted class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long this[int actual, int predicted] => _counts[Known(actual), Known(predicted)];

    /// <summary>The fraction of a class's predictions that are right.</summary>
    /// <param name="classIndex">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Precision(int classIndex) => Of(classIndex).Precision;

    /// <summary>The fraction of a class's samples that are found.</summary>
    /// <param name="classIndex">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Recall(int classIndex) => Of(classIndex).Recall;

    /// <summary>The harmonic mean of a class's precision and recall.</summary>
    /// <param name="classIndex">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double F1(int classIndex) => Of(classIndex).F1;

    /// <summary>How many samples of a class there are.</summary>
    /// <param name="classIndex">The class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long Support(int classIndex) => (long)Of(classIndex).Actual;

    /// <summary>Runs a data set through a model, once, and counts.</summary>
    /// <param name="model">The model, on any device, giving scores <c>[batch, classes]</c>; it runs in evaluation mode, and
    /// is afterwards as before.</param>
    /// <param name="data">The data, with labels <c>[batch]</c>, int64; each sample is used once.</param>
    /// <param name="options">Class names, batch size; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <exception cref="ArgumentException">The data gave no batch, or there are fewer or more class names than
    /// scores.</exception>
    /// <exception cref="ShapeMismatchException">Scores or labels do not have the shapes described, or a label has no
    /// score.</exception>
    /// <exception cref="InvalidOperationException">A score is NaN, so the model predicts no class.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ConfusionMatrix Measure(
        nn.Module<Tensor, Tensor> model,
        IBatchSource data,
        ConfusionMatrixOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new ConfusionMatrixOptions();
        options.Validate();
        ClassOutput.Require(model, nameof(ConfusionMatrix));
        var counter = new ConfusionCounter(data, options);
        ViewPass.Scores(model, data, options, (batch, _, scores) => counter.See(scores, batch.Targets), cancellationToken);
        return counter.Matrix;
    }

    /// <summary>Precision, recall, F1 score and support of each class, and their micro, macro and weighted averages.</summary>
    public ClassificationReport Report() =>
        ClassificationReport.Of([.. ClassNames.Zip(_classes, (name, counts) => (name, counts))]);

    /// <summary>The counts divided by sums of them, rows true classes, columns predicted ones; 0 where the sum is 0.</summary>
    /// <param name="normalization">By which sums.</param>
    public double[,] Normalized(ConfusionMatrixNormalization normalization) =>
        Tables.Fill(
            ClassCount,
            ClassCount,
            (actual, predicted) =>
            {
                double sum = normalization switch
                {
                    ConfusionMatrixNormalization.Row => _classes[actual].Actual,
                    ConfusionMatrixNormalization.Column => _classes[predicted].Predicted,
                    _ => Total,
                };
                return sum == 0 ? 0 : _counts[actual, predicted] / sum;
            }
        );

    /// <summary>Draws the matrix: rows are true classes, columns predicted ones; the colour is the fraction of the true
    /// class, the number the count. Of many classes those with the most errors are drawn, and the others together.</summary>
    /// <param name="options">Title, what the counts are divided by, and how many classes; null for the defaults.</param>
    public Picture Draw(ConfusionMatrixDrawOptions? options = null)
    {
        options ??= new ConfusionMatrixDrawOptions();
        options.Validate();
        return new ConfusionMatrixDrawing(this, options).Draw();
    }

    /// <summary>Writes class names, counts (rows are true classes), accuracy, and each class's precision, recall and F1
    /// score as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) =>
        ResultFile.Save(
            path,
            new ConfusionMatrixFile
            {
                ClassNames = ClassNames,
                Counts = [.. Classes.Select(actual => Classes.Select(predicted => _counts[actual, predicted]).ToArray())],
                Accuracy = Accuracy,
                Precision = [.. Classes.Select(Precision)],
                Recall = [.. Classes.Select(Recall)],
                F1 = [.. Classes.Select(F1)],
            },
            JsonFormat.Compact
        );

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
                $"accuracy {Accuracy:f4} of {Total:n0} samples; rows are true classes, columns predicted ones\n"
            )
            .ToString();
    }

    private IEnumerable<int> Classes => Enumerable.Range(0, ClassCount);

    private ClassCounts Of(int classIndex) => _classes[Known(classIndex)];

    private int Known(int classIndex) =>
        classIndex >= 0 && classIndex < ClassCount
            ? classIndex
            : throw new ArgumentOutOfRangeException(
                nameof(classIndex),
                $"There is no class {classIndex}: the matrix has the classes 0 to {ClassCount - 1}."
            );
}

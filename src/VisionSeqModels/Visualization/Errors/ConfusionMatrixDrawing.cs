using System.Globalization;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>A confusion matrix as a heat map.</summary>
internal sealed class ConfusionMatrixDrawing(ConfusionMatrix matrix, ConfusionMatrixDrawOptions options)
{
    private const int LargeCellsUpTo = 20;
    private const int SmallCell = 18;

    public Picture Draw()
    {
        var shown = Shown(Math.Min(options.MaximumClasses, Fitting));
        var values = shown.Normalized(options.Normalization);
        string Text(int actual, int predicted) =>
            options.ShowPercent
                ? (100 * values[actual, predicted]).ToString("0.#", CultureInfo.InvariantCulture)
                : shown[actual, predicted].ToString("n0", CultureInfo.InvariantCulture);
        bool large = shown.ClassCount <= LargeCellsUpTo;
        int letters = Enumerable
            .Range(0, shown.ClassCount)
            .Max(row => Enumerable.Range(0, shown.ClassCount).Max(column => Text(row, column).Length));
        return HeatMap.Draw(
            values,
            new HeatMapOptions
            {
                Title =
                    options.Title
                    ?? string.Create(
                        CultureInfo.InvariantCulture,
                        $"Confusion matrix: accuracy {matrix.Accuracy:0.0000} of {matrix.Total:n0}"
                    ),
                RowTitle = "true class",
                ColumnTitle = "predicted class",
                RowNames = shown.ClassNames,
                ColumnNames = shown.ClassNames,
                Scale = ValueScale.Fixed(0, 1),
                Map = ColorMap.Sequential,
                Meaning = options.Normalization switch
                {
                    ConfusionMatrixNormalization.Row => "fraction of the true class",
                    ConfusionMatrixNormalization.Column => "fraction of the predicted class",
                    _ => "fraction of all samples",
                },
                CellWidth = large ? Math.Max(46, (7 * letters) + 8) : Math.Max(SmallCell, (7 * letters) + 4),
                CellHeight = large ? 30 : SmallCell,
                CellText = Text,
                Notes =
                    shown.ClassCount == matrix.ClassCount
                        ? []
                        :
                        [
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"The {shown.ClassCount - 1:n0} of {matrix.ClassCount:n0} classes with the most errors, "
                                    + $"the worst first."
                            ),
                        ],
                Limit = options.Limit,
            }
        );
    }

    /// <summary>How many classes the limit has room for.</summary>
    private int Fitting
    {
        get
        {
            int cell = Math.Max(SmallCell, 4 + (7 * matrix.Total.ToString("n0", CultureInfo.InvariantCulture).Length));
            var (rows, columns) = options.Limit.Table((matrix.ClassCount, SmallCell, 400), (matrix.ClassCount, cell, 400));
            return Math.Max(2, Math.Min(rows, columns));
        }
    }

    /// <summary>The matrix of the worst classes and all others together, or the matrix itself.</summary>
    private ConfusionMatrix Shown(int most)
    {
        int classes = matrix.ClassCount;
        if (classes <= most)
        {
            return matrix;
        }

        long[] errors = new long[classes];
        for (int actual = 0; actual < classes; actual++)
        {
            for (int predicted = 0; predicted < classes; predicted++)
            {
                long count = actual == predicted ? 0 : matrix[actual, predicted];
                errors[actual] += count;
                errors[predicted] += count;
            }
        }

        int[] worst = [.. Enumerable.Range(0, classes).OrderByDescending(c => errors[c]).Take(most - 1)];
        int[] place = [.. Enumerable.Repeat(worst.Length, classes)];
        foreach (var (i, c) in worst.Index())
        {
            place[c] = i;
        }

        var counts = new long[most, most];
        for (int actual = 0; actual < classes; actual++)
        {
            for (int predicted = 0; predicted < classes; predicted++)
            {
                counts[place[actual], place[predicted]] += matrix[actual, predicted];
            }
        }

        string others = string.Create(CultureInfo.InvariantCulture, $"{classes - worst.Length:n0} others");
        return new ConfusionMatrix(counts, [.. worst.Select(c => matrix.ClassNames[c]), others]);
    }
}

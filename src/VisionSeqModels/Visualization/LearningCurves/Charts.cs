using System.Globalization;
using VisionSeqModels.Drawing;
using VisionSeqModels.Visualization;

namespace VisionSeqModels;

/// <summary>Charts of training runs.</summary>
public static class Charts
{
    private const int CellSide = 46;

    /// <summary>Draws loss (left) and accuracy (right) over the epochs, for training and test data, with the best test
    /// value marked.</summary>
    /// <param name="history">A run with at least one epoch.</param>
    /// <param name="options">Size and title; null for the defaults.</param>
    /// <returns>The picture. Metrics other than accuracy follow to the right.</returns>
    /// <exception cref="ArgumentException">The history has no epoch.</exception>
    public static Picture LearningCurves(TrainingHistory history, LearningCurvesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        return LearningCurves(new Dictionary<string, TrainingHistory> { [""] = history }, options);
    }

    /// <summary>Draws the curves of several runs over one another, each in a colour of its own; dashed lines are training
    /// data.</summary>
    /// <param name="histories">The runs by name; each with at least one epoch.</param>
    /// <param name="options">Size and title; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no run, or one without an epoch.</exception>
    public static Picture LearningCurves(
        IReadOnlyDictionary<string, TrainingHistory> histories,
        LearningCurvesOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(histories);
        options ??= new LearningCurvesOptions();
        options.Validate();
        if (histories.Count == 0 || histories.Values.Any(history => history.Epochs.Count == 0))
        {
            throw new ArgumentException(
                "Learning curves need at least one run, and at least one epoch in each.",
                nameof(histories)
            );
        }

        SkiaRuntime.EnsureAvailable();
        return new LearningCurvesDrawing(histories, options).Draw();
    }

    /// <summary>Draws a confusion matrix: rows are true classes, columns predicted ones; the colour is the share of the
    /// true class, the number the count.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="title">The line above; null for the accuracy.</param>
    public static Picture ConfusionMatrix(ConfusionMatrix matrix, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var shares = Tables.Fill(
            matrix.ClassCount,
            matrix.ClassCount,
            (actual, predicted) => matrix.Support(actual) == 0 ? 0 : (double)matrix[actual, predicted] / matrix.Support(actual)
        );
        return HeatMap.Draw(
            shares,
            new HeatMapOptions
            {
                Title =
                    title
                    ?? string.Create(
                        CultureInfo.InvariantCulture,
                        $"Confusion matrix: accuracy {matrix.Accuracy:0.0000} of {matrix.Total:n0}"
                    ),
                RowTitle = "true class",
                ColumnTitle = "predicted class",
                RowNames = matrix.ClassNames,
                ColumnNames = matrix.ClassNames,
                Scale = ValueScale.Fixed(0, 1),
                Map = ColorMap.Sequential,
                Meaning = "share of the true class",
                CellWidth = CellSide,
                CellHeight = 30,
                CellText = (actual, predicted) => matrix[actual, predicted].ToString(CultureInfo.InvariantCulture),
            }
        );
    }
}

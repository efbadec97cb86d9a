using VisionSeqModels.Drawing;
using VisionSeqModels.Visualization;

namespace VisionSeqModels;

/// <summary>Charts of training runs.</summary>
public static class Charts
{
    /// <summary>Draws loss (left) and accuracy (right) over the epochs, for training and test data, with the best test
    /// value marked. An epoch whose value is NaN or infinite has a cross at the axis, and the legend names it.</summary>
    /// <param name="history">A run with at least one epoch.</param>
    /// <param name="options">Size and title; null for the defaults.</param>
    /// <returns>The picture. Further metrics follow, four panels in a row.</returns>
    /// <exception cref="ArgumentException">The history has no epoch.</exception>
    public static Picture LearningCurves(TrainingHistory history, LearningCurvesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        return LearningCurves(new Dictionary<string, TrainingHistory> { [""] = history }, options);
    }

    /// <summary>Draws the curves of several runs over one another, each with its own colour and marker; dashed
    /// lines are training data.</summary>
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
}

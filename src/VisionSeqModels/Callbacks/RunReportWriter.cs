using VisionSeqModels.Data;
using VisionSeqModels.Drawing;
using VisionSeqModels.Metrics;
using VisionSeqModels.Runs;
using VisionSeqModels.Training;
using VisionSeqModels.Visualization;

namespace VisionSeqModels;

/// <summary>At the end of a run, writes <c>report.html</c>: result, settings, curves, pictures, errors, data and machine on one
/// page that needs nothing else.</summary>
/// <remarks>For classifiers it runs the test data (the training data where there is none) through the model once more, and
/// writes <c>confusion.png</c> and, for images, <c>confident_errors.png</c>. A run that was cancelled, diverged or failed has a
/// page without these. <see cref="RunReport.Write(string)"/> makes the page again from the folder's files.</remarks>
public sealed class RunReportWriter : Callback
{
    private const int LargestBatch = 256;
    private string _directory = "";

    /// <summary>The folder; null (default) for the run directory, or the current directory where there is none.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether to write anything; default true. Add one with false so that the trainer adds none.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Whether to measure the confusion matrix and the most confident errors, which costs one evaluation; default
    /// true.</summary>
    public bool MeasureErrors { get; init; } = true;

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Report;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e) => _directory = e.Context.PathOf(Directory);

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        if (!IsEnabled)
        {
            return;
        }

        try
        {
            if (MeasureErrors && HasResult(e) && IsClassifier(e.Context))
            {
                DrawErrors(e.Context);
            }
        }
        finally
        {
            var record = RunRecorder.RecordOf(e.Context, e.History.StopReason).AsRead();
            new RunReport(_directory, record, otherPictures: false).Write();
        }
    }

    private void DrawErrors(FitContext context)
    {
        var data = context.Test ?? context.Train;
        var options = new ConfidentErrorsOptions { BatchSize = Math.Min(LargestBatch, context.Options.EvaluationBatchSize) };
        var (matrix, errors) = ClassifierErrors.Measure(context.Model, data, options);
        Save(context, matrix.Draw(), RunPictures.Confusion);
        if (data is IImageSource images && errors.Errors.Count > 0)
        {
            Save(context, errors.Draw(images), RunPictures.ConfidentErrors);
        }
    }

    private void Save(FitContext context, Picture picture, string file)
    {
        picture.SavePng(Path.Combine(_directory, file));
        context.Publish(Path.GetFileNameWithoutExtension(file), picture);
    }

    private static bool HasResult(FitEndEvent e) =>
        e.Error is null
        && e.History.StopReason is StopReason.Completed or StopReason.StoppedEarly
        && e.History.Epochs is [.., { IsFinite: true }];

    /// <summary>Whether the model says that it gives a class for each sample, or accuracy is measured of one that does not say;
    /// and no label is left out.</summary>
    private static bool IsClassifier(FitContext context) =>
        context.Options.Loss is not IIgnoresLabels { IgnoreIndex: not null }
        && (
            context.Model is IConfiguredModel configured
                ? configured is { Output: ModelOutput.Classes, OutputsEachStep: false }
                : context.Options.Metrics.OfType<Accuracy>().Any()
        );
}

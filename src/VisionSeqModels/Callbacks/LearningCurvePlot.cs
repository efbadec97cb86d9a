using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>Draws the learning curves so far into a PNG file, during training and at its end.</summary>
public sealed class LearningCurvePlot : Callback
{
    private readonly TimeProvider _clock;
    private string _path = "";
    private long? _lastDrawn;

    /// <summary>Makes the callback.</summary>
    /// <param name="clock">The clock; null for the system's.</param>
    public LearningCurvePlot(TimeProvider? clock = null) => _clock = clock ?? TimeProvider.System;

    /// <summary>The file; null (default) for <c>curves.png</c> in the run directory, or in the current directory where
    /// there is none.</summary>
    public string? Path { get; init; }

    /// <summary>Draw at most once in this time, so that short epochs are not slowed down; default 5 seconds. The end is
    /// always drawn.</summary>
    public TimeSpan MinimumInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override CallbackStage Stage => CallbackStage.Report;

    /// <inheritdoc/>
    public override void OnFitStart(FitStartEvent e)
    {
        _path = e.Context.PathOf(Path, "curves.png");
        _lastDrawn = null;
        if (!SkiaRuntime.CanDrawText)
        {
            LogMessages.NoFonts(e.Context.Logger, SkiaRuntime.NoFonts);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(EpochEndEvent e)
    {
        if (_lastDrawn is not long last || _clock.GetElapsedTime(last) >= MinimumInterval)
        {
            Draw(e.Context);
            _lastDrawn = _clock.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public override void OnFitEnd(FitEndEvent e)
    {
        if (e.History.Epochs.Count > 0)
        {
            Draw(e.Context);
        }
    }

    private void Draw(FitContext context)
    {
        var picture = Charts.LearningCurves(context.History);
        picture.SavePng(_path);
        context.Publish("curves", picture);
    }
}

namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnFitStart"/> receives.</summary>
public readonly struct FitStartEvent
{
    internal FitStartEvent(FitContext context) => Context = context;

    /// <summary>The run: model, options, history, and the way to ask for its end.</summary>
    public FitContext Context { get; }
}

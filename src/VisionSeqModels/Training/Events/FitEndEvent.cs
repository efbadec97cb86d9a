namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnFitEnd"/> receives.</summary>
public readonly struct FitEndEvent
{
    internal FitEndEvent(FitContext context, Exception? error)
    {
        Context = context;
        Error = error;
    }

    /// <summary>The run: model, options, history, and the way to ask for its end.</summary>
    public FitContext Context { get; }

    /// <summary>The whole record of the run, with the reason of its end.</summary>
    public TrainingHistory History => Context.History;

    /// <summary>What ended the run where <see cref="TrainingHistory.StopReason"/> is <see cref="StopReason.Failed"/>, else
    /// null.</summary>
    public Exception? Error { get; }
}

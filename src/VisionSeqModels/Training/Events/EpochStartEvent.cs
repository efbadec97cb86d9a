namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnEpochStart"/> receives.</summary>
public readonly struct EpochStartEvent
{
    internal EpochStartEvent(FitContext context) => Context = context;

    /// <summary>The run: model, options, history, and the way to ask for its end.</summary>
    public FitContext Context { get; }

    /// <summary>The epoch that begins, from 1.</summary>
    public int Epoch => Context.Epoch;
}

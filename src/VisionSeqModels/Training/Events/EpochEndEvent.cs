using VisionSeqModels.Runs;

namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnEpochEnd"/> receives.</summary>
public readonly struct EpochEndEvent
{
    internal EpochEndEvent(FitContext context, EpochRecord record)
    {
        Context = context;
        Record = record;
    }

    /// <summary>The run: model, options, history, and the way to ask for its end.</summary>
    public FitContext Context { get; }

    /// <summary>The epoch's metrics, on the host; the history holds it already.</summary>
    public EpochRecord Record { get; }
}

namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnCheckpointSaved"/> receives.</summary>
public readonly struct CheckpointSavedEvent
{
    internal CheckpointSavedEvent(FitContext context, string path)
    {
        Context = context;
        Path = path;
    }

    /// <summary>The run: model, options, history, and the way to ask for its end.</summary>
    public FitContext Context { get; }

    /// <summary>The file that now holds the state; it is on the disk.</summary>
    public string Path { get; }
}

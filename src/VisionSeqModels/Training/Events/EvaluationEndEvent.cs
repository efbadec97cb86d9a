namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnEvaluationEnd"/> is told.</summary>
public readonly struct EvaluationEndEvent
{
    internal EvaluationEndEvent(FitContext context, EvaluationResult result)
    {
        Context = context;
        Result = result;
    }

    /// <summary>The run: model, options, history, and the way to ask for its end.</summary>
    public FitContext Context { get; }

    /// <summary>The figures, on the host.</summary>
    public EvaluationResult Result { get; }
}

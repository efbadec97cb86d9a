namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnEvaluationEnd"/> receives.</summary>
public readonly struct EvaluationEndEvent
{
    internal EvaluationEndEvent(FitContext context, string role, EvaluationResult result)
    {
        Context = context;
        Role = role;
        Result = result;
    }

    /// <summary>The run: model, options, history, and the way to ask for its end.</summary>
    public FitContext Context { get; }

    /// <summary>Which data it was: <c>val</c> or <c>test</c>, as the metrics' names begin in the epoch's record.</summary>
    public string Role { get; }

    /// <summary>The metrics, on the host.</summary>
    public EvaluationResult Result { get; }
}

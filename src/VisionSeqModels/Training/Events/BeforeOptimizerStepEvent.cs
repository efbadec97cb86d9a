namespace VisionSeqModels.Training;

/// <summary>What <see cref="Callback.OnBeforeOptimizerStep"/> receives.</summary>
public readonly struct BeforeOptimizerStepEvent
{
    internal BeforeOptimizerStepEvent(FitContext context) => Context = context;

    /// <summary>The run; the gradients are those of its model's parameters, before clipping. <c>parameter.grad</c> gives a
    /// new handle each time.</summary>
    public FitContext Context { get; }
}

namespace VisionSeqModels.Training;

/// <summary>A callback threw; its own exception is the inner one.</summary>
public sealed class CallbackException : Exception
{
    internal CallbackException(Callback callback, string hook, int epoch, long step, string reason, Exception inner)
        : base($"The callback {callback.GetType().Name} failed in {hook} at epoch {epoch}, step {step}: {reason}", inner)
    {
        Callback = callback;
        Hook = hook;
        Epoch = epoch;
        Step = step;
    }

    /// <summary>The callback that threw.</summary>
    public Callback Callback { get; }

    /// <summary>The hook it threw in, for example <c>OnEpochEnd</c>.</summary>
    public string Hook { get; }

    /// <summary>The epoch, from 1; 0 before the first.</summary>
    public int Epoch { get; }

    /// <summary>Optimizer steps done so far.</summary>
    public long Step { get; }
}

namespace VisionSeqModels;

/// <summary>Why a training run ended.</summary>
public enum StopReason
{
    /// <summary>It has not ended; of a run read from its folder: it is still running, or was killed.</summary>
    Running,

    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>A callback asked for the end, for example early stopping; the history keeps its message.</summary>
    StoppedEarly,

    /// <summary>The caller's <see cref="CancellationToken"/> was cancelled.</summary>
    Cancelled,

    /// <summary>The training loss or a weight became NaN or infinite; nothing of it was saved.</summary>
    NonFinite,

    /// <summary>An exception ended the run; <c>Fit</c> throws it after the fit-end hooks ran.</summary>
    Failed,
}

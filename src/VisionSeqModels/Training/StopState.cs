namespace VisionSeqModels.Training;

/// <summary>Whether a run is still running, and if not, why. Each method is a transition; the history holds the state.</summary>
/// <remarks>A request and a cancelled token wait until the loop observes them, between two steps or two epochs. NaN and
/// exceptions end the run at once, also one that was about to end for another reason.</remarks>
internal sealed class StopState(TrainingHistory history)
{
    /// <summary>The message of whoever asked first for the end, or null.</summary>
    public string? Request { get; private set; }

    public bool IsOver => history.StopReason != StopReason.Running;

    /// <summary>Asks for the end. The first message is kept.</summary>
    public void Ask(string message) => Request ??= message;

    /// <summary>Takes the request back.</summary>
    public void Withdraw() => Request = null;

    /// <summary>Ends a running run where a callback asked for it, or else where the token is cancelled.</summary>
    public void Observe(CancellationToken cancellationToken)
    {
        if (IsOver)
        {
            return;
        }

        if (Request is not null)
        {
            End(StopReason.StoppedEarly, Request);
        }
        else if (cancellationToken.IsCancellationRequested)
        {
            End(StopReason.Cancelled, null);
        }
    }

    /// <summary>The loss, a weight or a buffer is NaN or infinite.</summary>
    public void NonFinite(string message) => End(StopReason.NonFinite, message);

    /// <summary>The loop has no more epochs to run. A request of the last one still counts.</summary>
    public void Complete()
    {
        Observe(CancellationToken.None);
        if (!IsOver)
        {
            End(StopReason.Completed, null);
        }
    }

    /// <summary>An exception ended the run.</summary>
    public void Fail(Exception error) => End(StopReason.Failed, error.Message);

    private void End(StopReason reason, string? message)
    {
        history.StopReason = reason;
        history.StopMessage = message;
    }
}

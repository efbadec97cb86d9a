namespace VisionSeqModels.Studies;

/// <summary>Asks calls under way, and those to come, to give up soon.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Does something when it is set; at once where it is.</summary>
    public IDisposable Register(Action action) => _source.Token.Register(action);

    /// <summary>Sets it when a token is cancelled.</summary>
    public IDisposable SetWith(CancellationToken token) => token.Register(Set);

    public void Dispose() => _source.Dispose();

    private void Set()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The ledger is no longer used.
        }
    }
}

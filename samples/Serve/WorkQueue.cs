using System.Threading.RateLimiting;

namespace VisionSeqModels.Samples.Serve;

/// <summary>Lets a few requests compute at once, and a few more wait. The others are refused at once, so that a crowd makes
/// answers no slower than the queue is long.</summary>
internal sealed class WorkQueue(ServeOptions options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(
        new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Concurrency,
            QueueLimit = options.Queue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    /// <summary>Computes when it is this request's turn.</summary>
    /// <returns>The result; null where the queue is full.</returns>
    public async Task<T?> Run<T>(Func<T> work, CancellationToken cancellationToken)
        where T : class
    {
        using var turn = await _limiter.AcquireAsync(1, cancellationToken);
        return turn.IsAcquired ? work() : null;
    }

    public void Dispose() => _limiter.Dispose();
}

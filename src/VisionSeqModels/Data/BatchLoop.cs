using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Reads the batches of an epoch, each in a dispose scope of its own.</summary>
internal static class BatchLoop
{
    /// <summary>Calls <paramref name="use"/> with every batch.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; it is checked between batches.</exception>
    public static void ForEach(IBatchSource data, BatchRequest request, Action<Batch> use, CancellationToken cancellationToken) =>
        While(
            data,
            request,
            batch =>
            {
                use(batch);
                return true;
            },
            cancellationToken
        );

    /// <summary>Calls <paramref name="use"/> with one batch after another while it returns true.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; it is checked between batches.</exception>
    public static void While(IBatchSource data, BatchRequest request, Func<Batch, bool> use, CancellationToken cancellationToken)
    {
        using var batches = data.Read(request).GetEnumerator();
        bool more = true;
        while (more)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            more = BatchReader.Next(batches, data.Name) && use(batches.Current);
        }
    }
}

using VisionSeqModels.Torch;

namespace VisionSeqModels.Data;

/// <summary>Moves to the next batch of data, and names the data where that cannot be used.</summary>
internal static class BatchReader
{
    /// <summary>Whether there is a next batch.</summary>
    /// <exception cref="UnusableBatchException">The data or its batch was disposed, or the batch has no tensors.</exception>
    public static bool Next(IEnumerator<Batch> batches, string source)
    {
        try
        {
            if (!batches.MoveNext())
            {
                return false;
            }
        }
        catch (Exception e) when (Disposal.IsReasonOf(e))
        {
            throw Disposed(source, e);
        }

        var batch = batches.Current;
        return batch.Inputs is null
                ? throw new UnusableBatchException(
                    $"The data '{source}' gave default(Batch), which has no tensors. Make each batch with "
                        + "new Batch(inputs, targets)."
                )
            : batch.Inputs.IsInvalid || batch.Targets.IsInvalid || batch.Lengths?.IsInvalid == true ? throw Disposed(source, null)
            : true;
    }

    /// <summary>Asks data for its size, which disposed data of tensors does not know.</summary>
    /// <exception cref="UnusableBatchException">It was disposed.</exception>
    public static void ThrowIfDisposed(IBatchSource? data)
    {
        try
        {
            _ = data?.SampleCount;
        }
        catch (Exception e) when (Disposal.IsReasonOf(e))
        {
            throw Disposed(data!.Name, e);
        }
    }

    private static UnusableBatchException Disposed(string source, Exception? inner) =>
        new(
            $"The data '{source}' was disposed, or a batch of it. Dispose data after its last use. Batches that are kept must be "
                + "made outside of dispose scopes, or detached from them.",
            inner
        );
}

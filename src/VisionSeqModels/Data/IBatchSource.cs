namespace VisionSeqModels.Data;

/// <summary>Anything that can be read in batches, once for each epoch.</summary>
/// <remarks>
/// <see cref="ImageDataset"/> is one; <see cref="BatchSource"/> makes others from a TorchSharp <c>DataLoader</c> or from any
/// sequence of tensors.
/// </remarks>
public interface IBatchSource
{
    /// <summary>A short name for logs and for run.json, for example <c>cifar10</c>.</summary>
    string Name { get; }

    /// <summary>How many samples an epoch holds, or null where that is not known beforehand.</summary>
    long? SampleCount { get; }

    /// <summary>Whether several trainings, each on a thread of its own, may read it at once; default false.</summary>
    bool SupportsConcurrentReads => false;

    /// <summary>How many batches an epoch holds, or null where that is not known beforehand; by default worked out from
    /// <see cref="SampleCount"/>.</summary>
    /// <param name="request">Batch size and whether a short last batch is dropped.</param>
    long? CountBatches(BatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.DropLast ? SampleCount / request.BatchSize : (SampleCount + request.BatchSize - 1) / request.BatchSize;
    }

    /// <summary>Reads one epoch.</summary>
    /// <param name="request">Batch size, device, order and where to begin.</param>
    /// <returns>
    /// The batches, in order. The tensors of each belong to the dispose scope that is current when the enumerator moves to it:
    /// open a scope, move, use the batch, close the scope.
    /// </returns>
    IEnumerable<Batch> Read(BatchRequest request);
}

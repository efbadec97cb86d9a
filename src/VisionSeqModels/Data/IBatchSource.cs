namespace VisionSeqModels.Data;

/// <summary>Data that can be read in batches, once for each epoch.</summary>
/// <remarks>
/// <see cref="ImageDataset"/> is one. <see cref="BatchSource"/> makes others from a TorchSharp <c>DataLoader</c> or from any
/// sequence of tensors. Data of images implements <see cref="IImageSource"/>.
/// </remarks>
public interface IBatchSource
{
    /// <summary>A short name for logs and for run.json, for example <c>cifar10</c>.</summary>
    string Name { get; }

    /// <summary>The number of samples in an epoch, or null if it is not known in advance.</summary>
    long? SampleCount { get; }

    /// <summary>Whether several trainings may read it at once, each on a thread of its own; default false.</summary>
    bool SupportsConcurrentReads => false;

    /// <summary>The number of batches in an epoch, or null if it is not known in advance; the default computes it from
    /// <see cref="SampleCount"/>.</summary>
    /// <param name="request">Batch size, and whether to leave out a short last batch.</param>
    long? CountBatches(BatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.DropLast ? SampleCount / request.BatchSize : (SampleCount + request.BatchSize - 1) / request.BatchSize;
    }

    /// <summary>Reads one epoch.</summary>
    /// <param name="request">Batch size, device, order and where to begin.</param>
    /// <returns>
    /// The batches, in order. The tensors of each belong to the dispose scope that is current when the enumerator moves to
    /// it. So open a scope, move, use the batch, and close the scope.
    /// </returns>
    IEnumerable<Batch> Read(BatchRequest request);
}

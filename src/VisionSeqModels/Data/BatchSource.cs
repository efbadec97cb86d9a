using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Makes sources of batches from what a program already has.</summary>
/// <remarks>Order and batch size are the origin's own: <c>Shuffle</c>, <c>BatchSize</c> and <c>DropLast</c> of a request do
/// not change them. Batches are moved to the requested device.</remarks>
public static class BatchSource
{
    /// <summary>A source of ready-made batches; each epoch reads them again.</summary>
    /// <param name="name">A short name for logs and run.json.</param>
    /// <param name="batches">The batches. If a list keeps them, make them outside of dispose scopes or detach them.</param>
    /// <param name="sampleCount">The number of samples in an epoch, if that is known.</param>
    public static IBatchSource From(string name, IEnumerable<Batch> batches, long? sampleCount = null)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new EnumerableSource(
            name,
            _ => batches,
            sampleCount,
            () => batches.TryGetNonEnumeratedCount(out int count) ? count : null // of the batches as they are
        );
    }

    /// <summary>A source that calls a function for each epoch, for data that the caller augments or shuffles.</summary>
    /// <param name="name">A short name for logs and run.json.</param>
    /// <param name="epoch">Gives the batches of an epoch, from the first on; it receives seed, epoch number, and the batch size
    /// asked for.</param>
    /// <param name="sampleCount">The number of samples in an epoch, if that is known; with it the function must give batches of
    /// the size asked for, so that learning-rate schedules know the number of steps.</param>
    public static IBatchSource From(string name, Func<BatchRequest, IEnumerable<Batch>> epoch, long? sampleCount = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(epoch);
        return new EnumerableSource(name, epoch, sampleCount);
    }

    /// <summary>A source over a TorchSharp <c>DataLoader</c>.</summary>
    /// <param name="loader">The loader; it is not disposed. Note that TorchSharp's loader gives the same order in every epoch
    /// if it was made with a seed.</param>
    /// <param name="inputs">The key of the inputs in the dictionaries of its data set.</param>
    /// <param name="targets">The key of the targets.</param>
    /// <param name="name">A short name for logs and run.json.</param>
    /// <exception cref="KeyNotFoundException">While reading: a batch lacks one of the keys; the message lists those it
    /// has.</exception>
    public static IBatchSource From(
        TorchSharp.Modules.DataLoader loader,
        string inputs = "data",
        string targets = "label",
        string name = "dataloader"
    )
    {
        ArgumentNullException.ThrowIfNull(loader);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new EnumerableSource(
            name,
            _ => loader.Select(batch => new Batch(Entry(batch, inputs), Entry(batch, targets))),
            loader.dataset.Count,
            () => loader.Count
        );
    }

    private static Tensor Entry(Dictionary<string, Tensor> batch, string key) =>
        batch.TryGetValue(key, out var value)
            ? value
            : throw new KeyNotFoundException(
                $"The data loader's batches have no entry '{key}'. They have: {string.Join(", ", batch.Keys)}."
            );
}

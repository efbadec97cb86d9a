using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>Some images of a data set, without a copy of them.</summary>
public sealed class ImageSubset : IBatchSource
{
    private readonly long[] _indices;

    /// <summary>Chooses images.</summary>
    /// <param name="source">The data set; it stays its owner's, and must live as long as the subset is used.</param>
    /// <param name="indices">Which images, in stored order; at least one.</param>
    /// <exception cref="ArgumentException">No index, or one outside of the data set.</exception>
    public ImageSubset(ImageDataset source, IReadOnlyList<long> indices)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.Count == 0 || indices.Any(index => index < 0 || index >= source.Count))
        {
            throw new ArgumentException(
                $"A subset of '{source.Name}' needs at least one index, each from 0 to {source.Count - 1}.",
                nameof(indices)
            );
        }

        Source = source;
        _indices = [.. indices];
    }

    /// <summary>The data set that the images are in.</summary>
    public ImageDataset Source { get; }

    /// <summary>Which images, in stored order.</summary>
    public IReadOnlyList<long> Indices => _indices;

    /// <inheritdoc/>
    public string Name => Source.Name;

    /// <inheritdoc/>
    public long? SampleCount => _indices.Length;

    /// <inheritdoc/>
    public bool SupportsConcurrentReads => true;

    /// <inheritdoc/>
    public IEnumerable<Batch> Read(BatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchSize, 1, nameof(request));
        return Source.ReadBatches(request, _indices);
    }
}

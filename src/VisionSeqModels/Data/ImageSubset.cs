using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Some images of a data set, without a copy of their bytes.</summary>
public sealed class ImageSubset : IImageSource
{
    private readonly long[] _indices;

    /// <summary>Chooses images.</summary>
    /// <param name="source">The data set; the caller disposes it after the last use of the subset.</param>
    /// <param name="indices">Which images, each by its place in the data set, from 0; at least one.</param>
    /// <exception cref="ArgumentException">No index, or one outside of the data set.</exception>
    public ImageSubset(IImageSource source, IReadOnlyList<long> indices)
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

    /// <summary>Divides a data set in two, each part in stored order.</summary>
    internal static (ImageSubset Others, ImageSubset Chosen) Divide(IImageSource source, Func<long, bool> isChosen)
    {
        var parts = Enumerable.Range(0, source.Count).Select(i => (long)i).ToLookup(isChosen);
        return (new ImageSubset(source, [.. parts[false]]), new ImageSubset(source, [.. parts[true]]));
    }

    /// <summary>The data set that the images are in.</summary>
    public IImageSource Source { get; }

    /// <summary>Which images, each by its place in the data set.</summary>
    public IReadOnlyList<long> Indices => _indices;

    /// <inheritdoc/>
    public string Name => Source.Name;

    /// <inheritdoc/>
    public long? SampleCount => Count;

    /// <inheritdoc/>
    public bool SupportsConcurrentReads => Source.SupportsConcurrentReads;

    /// <inheritdoc/>
    public int Count => _indices.Length;

    /// <inheritdoc/>
    public int Channels => Source.Channels;

    /// <inheritdoc/>
    public int Height => Source.Height;

    /// <inheritdoc/>
    public int Width => Source.Width;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => Source.ClassNames;

    /// <inheritdoc/>
    public ImageNormalization? Normalization => Source.Normalization;

    /// <inheritdoc/>
    public ImagePreparation? Preparation => Source.Preparation;

    /// <inheritdoc/>
    public IReadOnlyList<SkippedFile> SkippedFiles => Source.SkippedFiles;

    /// <inheritdoc/>
    public Tensor GetPixels(long index) => Source.GetPixels(InSource(index));

    /// <inheritdoc/>
    public int GetLabel(long index) => Source.GetLabel(InSource(index));

    /// <inheritdoc/>
    public string? GetFileName(long index) => Source.GetFileName(InSource(index));

    /// <inheritdoc/>
    public IEnumerable<Batch> Read(BatchRequest request)
    {
        Check(request);
        return Source.Read(request, _indices);
    }

    /// <inheritdoc/>
    public IEnumerable<Batch> Read(BatchRequest request, IReadOnlyList<long> indices)
    {
        Check(request);
        ArgumentNullException.ThrowIfNull(indices);
        return Source.Read(request, [.. indices.Select(InSource)]);
    }

    private long InSource(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _indices[index];
    }

    private static void Check(BatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchSize, 1, nameof(request));
    }
}

using System.Runtime.InteropServices;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Labelled images in memory, as bytes; normalised batch by batch.</summary>
/// <remarks>On the CPU one pass over the bytes makes a batch. The first request for another device copies the whole set to
/// that device. The copy stays there until the data set is disposed, and batches are made from it. Where the request's
/// <see cref="DataPlacement"/> says so, or where the set is too large, batches are made on the CPU in pinned memory instead.
/// Several threads may read at once; dispose the data set when all are done.</remarks>
public sealed class ImageDataset : IImageSource, IDisposable
{
    private const long MostResidentBytes = 2L << 30;

    private readonly Dictionary<string, DeviceImages> _resident = new(StringComparer.Ordinal);
    private readonly float[] _scale;
    private readonly float[] _offset;
    private readonly bool _fitsASpan; // of .NET, at most 2 GiB; libtorch makes the batches otherwise

    /// <summary>Makes a data set of tensors and takes them over: it disposes them, and detaches them from the caller's
    /// dispose scope.</summary>
    /// <param name="name">A short name, for example <c>cifar10</c>.</param>
    /// <param name="pixels">The images <c>[samples, channels, height, width]</c>, uint8, on the CPU.</param>
    /// <param name="labels">The labels <c>[samples]</c>, int64, from 0, on the CPU.</param>
    /// <param name="classNames">A name for each class.</param>
    /// <param name="normalization">How bytes become inputs; null for −1..1.</param>
    /// <exception cref="InvalidOptionsException">Shapes, dtypes or labels do not fit; the message names every fault.</exception>
    public ImageDataset(
        string name,
        Tensor pixels,
        Tensor labels,
        IReadOnlyList<string> classNames,
        ImageNormalization? normalization = null
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        ImageDatasetFaults.Check(pixels, labels, classNames, normalization);
        Name = name;
        Pixels = pixels.DetachFromDisposeScope();
        Labels = labels.DetachFromDisposeScope();
        ClassNames = classNames;
        Normalization = normalization ?? ImageNormalization.Centered(Channels);
        (_scale, _offset) = Normalization.Numbers();
        _fitsASpan =
            pixels.is_contiguous()
            && labels.is_contiguous()
            && pixels.numel() <= int.MaxValue
            && labels.numel() <= int.MaxValue / sizeof(long);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long? SampleCount => Count;

    /// <inheritdoc/>
    public bool SupportsConcurrentReads => true;

    /// <inheritdoc/>
    public int Count => (int)Pixels.size(0);

    /// <inheritdoc/>
    public int Channels => (int)Pixels.size(1);

    /// <inheritdoc/>
    public int Height => (int)Pixels.size(2);

    /// <inheritdoc/>
    public int Width => (int)Pixels.size(3);

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How bytes become inputs.</summary>
    public ImageNormalization Normalization { get; }

    /// <inheritdoc/>
    public ImagePreparation? Preparation { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<SkippedFile> SkippedFiles { get; init; } = [];

    /// <summary>The file of each image; null where they came from none.</summary>
    internal IReadOnlyList<string>? FileNames { get; init; }

    /// <summary>Whether the pixels lie in a mapped file. Then no device gets a copy of all: batches are made on the
    /// CPU.</summary>
    internal bool IsMapped { get; init; }

    /// <summary>The images <c>[samples, channels, height, width]</c>, uint8, on the CPU; borrowed from the data set.</summary>
    public Tensor Pixels { get; }

    /// <summary>The labels <c>[samples]</c>, int64, on the CPU; borrowed from the data set.</summary>
    public Tensor Labels { get; }

    /// <summary>Reads images and labels from two IDX files, the format of MNIST.</summary>
    /// <param name="name">A short name, for logs and run.json.</param>
    /// <param name="imagesPath">The images: bytes in 3 dimensions (samples, height, width) or 4 (samples, channels, height,
    /// width). A file that ends in .gz is unpacked.</param>
    /// <param name="labelsPath">Their labels, a byte each, from 0; a file that ends in .gz is unpacked.</param>
    /// <param name="classNames">A name for each class.</param>
    /// <param name="normalization">How bytes become inputs; null for −1..1.</param>
    /// <param name="limit">Keep only the first so many images; null for all. Both files are checked to their ends.</param>
    /// <param name="transposed">Whether each image is stored column by column, as EMNIST stores its images; default
    /// false.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="DatasetNotFoundException">A file is not there.</exception>
    /// <exception cref="DatasetFormatException">A file is no IDX file, is too short or too long, or the two do not fit each
    /// other or the class names.</exception>
    /// <exception cref="InvalidOptionsException">The normalization is for another number of channels.</exception>
    public static ImageDataset FromIdx(
        string name,
        string imagesPath,
        string labelsPath,
        IReadOnlyList<string> classNames,
        ImageNormalization? normalization = null,
        int? limit = null,
        bool transposed = false
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit ?? 1, 1, nameof(limit));
        TorchRuntime.EnsureAvailable();
        return new IdxPair(imagesPath, labelsPath) { Limit = limit, Transposed = transposed }.Read(
            name,
            classNames,
            normalization
        );
    }

    /// <summary>A data set of the first samples, with its own copy of them.</summary>
    /// <param name="count">The number of samples, at least 1; a larger number than there are gives all.</param>
    /// <returns>The caller disposes it.</returns>
    public ImageDataset Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        using var scope = NewDisposeScope();
        int kept = Math.Min(count, Count);
        return new ImageDataset(
            Name,
            Pixels.narrow(0, 0, kept).clone(),
            Labels.narrow(0, 0, kept).clone(),
            ClassNames,
            Normalization
        )
        {
            Preparation = Preparation,
            SkippedFiles = SkippedFiles,
            FileNames = FileNames,
        };
    }

    /// <summary>A data set with the same labels and changed images: for example shifted, or with their rows in another
    /// order.</summary>
    /// <param name="change">Receives the images <c>[samples, channels, height, width]</c>, uint8, on the CPU, borrowed.
    /// Returns as many images, uint8, of any size; the new set takes them over.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="InvalidOptionsException">The result has another number of samples, number of dimensions
    /// or dtype.</exception>
    public ImageDataset Map(Func<Tensor, Tensor> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        using var scope = NewDisposeScope();
        return new ImageDataset(Name, change(Pixels).contiguous().clone(), Labels.clone(), ClassNames, Normalization)
        {
            FileNames = FileNames,
        };
    }

    /// <inheritdoc/>
    public Tensor GetPixels(long index)
    {
        CheckIndex(index);
        return Pixels[index];
    }

    /// <inheritdoc/>
    public int GetLabel(long index)
    {
        CheckIndex(index);
        return (int)Labels.data<long>()[index];
    }

    /// <inheritdoc/>
    public string? GetFileName(long index)
    {
        CheckIndex(index);
        return FileNames?[(int)index];
    }

    /// <inheritdoc/>
    public IEnumerable<Batch> Read(BatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchSize, 1, nameof(request));
        return ReadBatches(request);
    }

    /// <inheritdoc/>
    public IEnumerable<Batch> Read(BatchRequest request, IReadOnlyList<long> indices)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.BatchSize, 1, nameof(request));
        return ReadBatches(request, [.. indices]);
    }

    /// <summary>Turns normalised images back into bytes, for pictures.</summary>
    /// <param name="inputs">Images as in batches, <c>[batch, channels, height, width]</c>, float32, on any device.</param>
    /// <returns>The same shape, uint8, on the same device; rounded and clamped to 0..255.</returns>
    public Tensor Denormalize(Tensor inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var scope = NewDisposeScope();
        var (scale, offset) = Normalization.Tensors(inputs.device);
        using (scale)
        using (offset)
        {
            return inputs
                .detach()
                .sub(offset)
                .div(scale)
                .round()
                .clamp(Scalars.Zero, Scalars.Of(255))
                .to_type(ScalarType.Byte)
                .MoveToOuterDisposeScope();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var images in _resident.Values)
        {
            images.Dispose();
        }

        _resident.Clear();
        Pixels.Dispose();
        Labels.Dispose();
    }

    private IEnumerable<Batch> ReadBatches(BatchRequest request, long[]? chosen = null)
    {
        int count = chosen?.Length ?? Count;
        long[]? order = EpochOrder.Of(request, count, chosen);
        var resident = Resident(request);
        var images = resident is null && !_fitsASpan ? On(CPU) : resident;
        using var places = order is null ? null : images?.Order(order);
        foreach (var (begin, size) in EpochOrder.Batches(request, count))
        {
            yield return images is null ? Gather(order, begin, size, request.Device)
            : resident is null ? images.Gather(places, begin, size).On(request.Device)
            : images.Gather(places, begin, size);
        }
    }

    private Batch Gather(long[]? order, int begin, int size, Device device)
    {
        ReadOnlySpan<byte> pixels = Pixels.bytes;
        var labels = MemoryMarshal.Cast<byte, long>(Labels.bytes);
        int imageBytes = Channels * Height * Width;
        var writer = new BatchWriter(device, size, Channels, Height, Width);
        for (int i = 0; i < size; i++)
        {
            int sample = order is null ? begin + i : (int)order[begin + i];
            writer.Add(pixels.Slice(sample * imageBytes, imageBytes), labels[sample], _scale, _offset);
        }

        return writer.Send();
    }

    /// <summary>All images on the device of a request; null where its batches are made on the CPU.</summary>
    private DeviceImages? Resident(BatchRequest request)
    {
        if (IsMapped || HostDevice.Is(request.Device.type) || request.Placement == DataPlacement.Host)
        {
            return null;
        }

        try
        {
            return request.Placement == DataPlacement.Auto && Pixels.numel() > MostResidentBytes ? null : On(request.Device);
        }
        catch (ExternalException) when (request.Placement == DataPlacement.Auto)
        {
            return null; // the device has no room for them
        }
    }

    private void CheckIndex(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }

    private DeviceImages On(Device device)
    {
        string key = device.ToString();
        lock (_resident)
        {
            if (!_resident.TryGetValue(key, out var images))
            {
                _resident.Add(key, images = new DeviceImages(Pixels, Labels, Normalization, device));
            }

            return images;
        }
    }
}

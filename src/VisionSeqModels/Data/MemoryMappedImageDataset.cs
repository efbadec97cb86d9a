using System.IO.MemoryMappedFiles;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Labelled images in a file that is mapped into memory, for data that does not fit there: batches are made
/// straight out of the mapping.</summary>
/// <remarks> The files are IDX, not packed, as MNIST's are: bytes in three dimensions (samples, height, width) or four
/// (samples, channels, height, width), and the labels, bytes in one. <see cref="Write"/> makes them; docs/data.md tells the
/// format. Beside one image and the batch that is asked for nothing is held but the labels, a byte each, and an epoch's
/// order, eight bytes a sample; what else the process is said to use is the system's file cache, which it gives back when
/// others need the memory. Batches are bit-equal to those of an <see cref="ImageDataset"/> of the same images. For a GPU a
/// batch is made on the CPU and moved. The files must not change while they are open: an image that is gone ends the
/// process. Several threads may read at once; dispose it when all are done. </remarks>
public sealed class MemoryMappedImageDataset : IImageSource, IDisposable
{
    private const string Advice = "Write the file again; it must not be packed.";

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewStream _view;
    private readonly long _begin;
    private readonly byte[] _labels;
    private readonly float[] _scale;
    private readonly float[] _offset;

    private MemoryMappedImageDataset(
        string name,
        MemoryMappedFile file,
        IdxFile images,
        byte[] labels,
        IReadOnlyList<string> classNames,
        ImageNormalization? normalization
    )
    {
        _file = file;
        _view = file.CreateViewStream(0, images.Stream.Length, MemoryMappedFileAccess.Read);
        _begin = images.HeaderBytes;
        _labels = labels;
        Name = name;
        Channels = ChannelsOf(images);
        Height = images.Sizes[^2];
        Width = images.Sizes[^1];
        ClassNames = classNames;
        Normalization = normalization ?? ImageNormalization.Centered(Channels);
        (_scale, _offset) = Normalization.Numbers();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long? SampleCount => Count;

    /// <inheritdoc/>
    public bool SupportsConcurrentReads => true;

    /// <summary>How many images there are.</summary>
    public int Count => _labels.Length;

    /// <summary>Channels of each image.</summary>
    public int Channels { get; }

    /// <summary>Height of each image in pixels.</summary>
    public int Height { get; }

    /// <summary>Width of each image in pixels.</summary>
    public int Width { get; }

    /// <summary>The name of each class.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How bytes become inputs.</summary>
    public ImageNormalization Normalization { get; }

    private int ImageBytes => Channels * Height * Width;

    /// <summary>Opens the two files. The images are not read but for the header; the labels are.</summary>
    /// <param name="name">A short name, for logs and run.json.</param>
    /// <param name="imagesPath">The images.</param>
    /// <param name="labelsPath">Their labels.</param>
    /// <param name="classNames">A name for each class.</param>
    /// <param name="normalization">How bytes become inputs; null for −1..1.</param>
    /// <returns>The caller disposes it, which closes the file.</returns>
    /// <exception cref="DatasetNotFoundException">A file is not there.</exception>
    /// <exception cref="DatasetFormatException">A file is no such file, is too short or too long, or the two do not fit
    /// each other or the class names.</exception>
    /// <exception cref="InvalidOptionsException">The normalization is for another number of channels.</exception>
    public static MemoryMappedImageDataset Open(
        string name,
        string imagesPath,
        string labelsPath,
        IReadOnlyList<string> classNames,
        ImageNormalization? normalization = null
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(classNames);
        byte[] labels = IdxPair.ReadLabels(labelsPath, classNames.Count, IdxFile.WriteAgain);
        var images = IdxFile.OpenToMap(imagesPath, [3, 4], Advice);
        try
        {
            IdxPair.RequireSameCount(imagesPath, images.Sizes[0], labelsPath, labels.Length, Advice);
            new OptionFaults(nameof(MemoryMappedImageDataset))
                .Include("normalization", normalization?.Faults(ChannelsOf(images)) ?? [])
                .ThrowIfAny();
            var file = MemoryMappedFile.CreateFromFile(
                images.Stream,
                null,
                0,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: false
            );
            return new MemoryMappedImageDataset(name, file, images, labels, classNames, normalization);
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    /// <summary>Writes a data set as the two files that <see cref="Open"/> takes.</summary>
    /// <param name="data">The images; nothing of it changes.</param>
    /// <param name="imagesPath">Where the images go: 4 × 5 bytes of header, then 1 byte a value.</param>
    /// <param name="labelsPath">Where the labels go, a byte each.</param>
    /// <exception cref="ArgumentException">There are more than 256 classes.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(ImageDataset data, string imagesPath, string labelsPath)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.ClassNames.Count > 256)
        {
            throw new ArgumentException(
                $"A label is a byte in the file, but '{data.Name}' has {data.ClassNames.Count} classes.",
                nameof(data)
            );
        }

        AtomicFile.Write(
            imagesPath,
            stream =>
            {
                IdxFile.WriteHeader(stream, data.Count, data.Channels, data.Height, data.Width);
                for (int i = 0; i < data.Count; i++)
                {
                    using var image = data.Pixels[i];
                    stream.Write(image.bytes);
                }
            }
        );
        AtomicFile.Write(
            labelsPath,
            stream =>
            {
                IdxFile.WriteHeader(stream, data.Count);
                stream.Write(Array.ConvertAll(data.Labels.data<long>().ToArray(), label => (byte)label));
            }
        );
    }

    /// <summary>Some images in memory, for pictures and visualizers.</summary>
    /// <param name="first">The first one, from 0.</param>
    /// <param name="count">How many.</param>
    /// <returns>The caller disposes it.</returns>
    public ImageDataset Load(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        using var scope = NewDisposeScope();
        var pixels = empty([count, Channels, Height, Width], dtype: ScalarType.Byte);
        Copy(first, pixels.bytes);
        return new ImageDataset(
            Name,
            pixels,
            tensor(Array.ConvertAll(_labels[first..(first + count)], label => (long)label)),
            ClassNames,
            Normalization
        );
    }

    /// <inheritdoc/>
    public Tensor GetPixels(long index)
    {
        CheckIndex(index);
        var pixels = empty([Channels, Height, Width], dtype: ScalarType.Byte);
        Copy(index, pixels.bytes);
        return pixels;
    }

    /// <inheritdoc/>
    public int GetLabel(long index)
    {
        CheckIndex(index);
        return _labels[index];
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private IEnumerable<Batch> ReadBatches(BatchRequest request, long[]? chosen = null)
    {
        int count = chosen?.Length ?? Count;
        long[]? order = EpochOrder.Of(request, count, chosen);
        byte[] image = new byte[ImageBytes];
        foreach (var (begin, size) in EpochOrder.Batches(request, count))
        {
            yield return Gather(order, begin, size, image, request.Device);
        }
    }

    private Batch Gather(long[]? order, int begin, int size, byte[] image, Device device)
    {
        var writer = new BatchWriter(size, Channels, Height, Width);
        for (int i = 0; i < size; i++)
        {
            long sample = order is null ? begin + i : order[begin + i];
            Copy(sample, image);
            writer.Add(image, _labels[sample], _scale, _offset);
        }

        return writer.On(device);
    }

    private void CheckIndex(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }

    /// <summary>Copies images out of the mapping, as many as there is room for.</summary>
    private void Copy(long first, Span<byte> images)
    {
        ObjectDisposedException.ThrowIf(!_view.CanRead, this);
        _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(_begin + (first * ImageBytes)), images);
    }

    private static int ChannelsOf(IdxFile images) => images.Sizes is [_, int channels, _, _] ? channels : 1;
}

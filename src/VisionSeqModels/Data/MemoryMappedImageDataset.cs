using System.IO.MemoryMappedFiles;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Labelled images in a file that is mapped into memory, for data that does not fit into memory. Batches are made
/// directly from the mapping.</summary>
/// <remarks>The files are IDX and not packed: bytes in three dimensions (samples, height, width), as MNIST has them, or four
/// (samples, channels, height, width); and labels, a byte each. <see cref="Write"/> writes them; docs/data.md describes the
/// format. In memory it keeps only one image, one batch, a byte of label for each sample, and eight bytes of order for each
/// sample of an epoch. The system's file cache counts as memory of the process too; the system takes it back when others
/// need it. Batches are bit-equal to those of an <see cref="ImageDataset"/> of the same images. For a GPU a batch is made on
/// the CPU, in pinned memory, and moved. The files must not change while they are open: a missing image ends the process.
/// Several threads may read at once; dispose the data set when all are done.</remarks>
public sealed class MemoryMappedImageDataset : IImageSource, IDisposable
{
    private const int LargestPiece = 1 << 28;
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

    /// <inheritdoc/>
    public int Count => _labels.Length;

    /// <inheritdoc/>
    public int Channels { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How bytes become inputs.</summary>
    public ImageNormalization Normalization { get; }

    /// <inheritdoc/>
    public ImagePreparation? Preparation { get; init; }

    private int ImageBytes => Channels * Height * Width;

    /// <summary>Opens the two files. It reads the labels, and of the images only the header.</summary>
    /// <param name="name">A short name, for logs and run.json.</param>
    /// <param name="imagesPath">The images.</param>
    /// <param name="labelsPath">Their labels; a file that ends in .gz is unpacked.</param>
    /// <param name="classNames">A name for each class.</param>
    /// <param name="normalization">How bytes become inputs; null for −1..1.</param>
    /// <returns>The caller disposes it, which closes the file.</returns>
    /// <exception cref="DatasetNotFoundException">A file is not there.</exception>
    /// <exception cref="DatasetFormatException">A file is no IDX file, is too short or too long, or the two do not fit each
    /// other or the class names.</exception>
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
            IdxPair.RequireChannelsFirst(imagesPath, images.Sizes, Advice);
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
    /// <param name="data">The images; they do not change.</param>
    /// <param name="imagesPath">The file for the images: 20 bytes of header, then a byte for each value.</param>
    /// <param name="labelsPath">The file for the labels: 8 bytes of header, then a byte for each.</param>
    /// <exception cref="ArgumentException">There are more than 256 classes.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(ImageDataset data, string imagesPath, string labelsPath)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.ClassNames.Count > 256)
        {
            throw new ArgumentException(
                $"A label is a byte in the file, but '{data.Name}' has {data.ClassNames.Count} classes. Give at most 256.",
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

    /// <summary>Copies some images into memory.</summary>
    /// <param name="first">The first one, from 0.</param>
    /// <param name="count">The number of images.</param>
    /// <returns>The caller disposes it.</returns>
    public ImageDataset Load(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        using var scope = NewDisposeScope();
        var pixels = empty([count, Channels, Height, Width], dtype: ScalarType.Byte);
        int most = Math.Max(1, LargestPiece / ImageBytes); // a span of .NET ends at 2 GiB, and the images may be more
        for (int begin = 0; begin < count; begin += most)
        {
            Copy(first + begin, pixels.narrow(0, begin, Math.Min(most, count - begin)).bytes);
        }

        return new ImageDataset(
            Name,
            pixels,
            tensor(Array.ConvertAll(_labels[first..(first + count)], label => (long)label)),
            ClassNames,
            Normalization
        )
        {
            Preparation = Preparation,
        };
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
        var writer = new BatchWriter(device, size, Channels, Height, Width);
        for (int i = 0; i < size; i++)
        {
            long sample = order is null ? begin + i : order[begin + i];
            Copy(sample, image);
            writer.Add(image, _labels[sample], _scale, _offset);
        }

        return writer.Send();
    }

    private void CheckIndex(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }

    /// <summary>Copies images out of the mapping until the span is full.</summary>
    private void Copy(long first, Span<byte> images)
    {
        ObjectDisposedException.ThrowIf(!_view.CanRead, this);
        _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(_begin + (first * ImageBytes)), images);
    }

    private static int ChannelsOf(IdxFile images) => images.Sizes is [_, int channels, _, _] ? channels : 1;
}

using System.Globalization;
using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Two IDX files, of images and of their labels, that are read into memory.</summary>
/// <param name="ImagesPath">The images: bytes in 3 dimensions (samples, height, width) or 4 (samples, channels, height,
/// width).</param>
/// <param name="LabelsPath">Their labels, a byte each.</param>
internal sealed record IdxPair(string ImagesPath, string LabelsPath)
{
    /// <summary>The sizes that the images must have; null for whatever the file says.</summary>
    public int[]? ImageSizes { get; init; }

    /// <summary>Whether each image is stored column by column, as EMNIST stores its images.</summary>
    public bool Transposed { get; init; }

    /// <summary>Keep only the first so many images; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>What to do about a file that is not right.</summary>
    public string Advice { get; init; } = IdxFile.WriteAgain;

    /// <summary>Reads labels, each of which must have a class.</summary>
    public static byte[] ReadLabels(string path, int classCount, string advice, int? count = null)
    {
        using var file = IdxFile.Open(path, [1], advice);
        file.Require(count ?? file.Sizes[0]);
        byte[] labels = new byte[file.Sizes[0]];
        file.Read(labels);
        int bad = Array.FindIndex(labels, label => label >= classCount);
        return bad < 0
            ? labels
            : throw new DatasetFormatException(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has the label {labels[bad]} at image {bad:n0} (counted from 0), but the {classCount} classes have "
                        + $"the labels 0..{classCount - 1}."
                ),
                advice: advice
            );
    }

    /// <summary>Refuses two files that do not belong together.</summary>
    public static void RequireSameCount(string imagesPath, int images, string labelsPath, int labels, string advice)
    {
        if (images != labels)
        {
            throw new DatasetFormatException(
                imagesPath,
                FormattableString.Invariant($"holds {images} images, but '{labelsPath}' holds {labels} labels."),
                advice: advice
            );
        }
    }

    /// <summary>Refuses images whose channels stand last.</summary>
    public static void RequireChannelsFirst(string imagesPath, int[] sizes, string advice)
    {
        long[] shape = Array.ConvertAll(sizes, size => (long)size);
        if (shape.Length == 4 && PixelOrder.IsReversed(shape))
        {
            throw new DatasetFormatException(imagesPath, $"must have {PixelOrder.Advice(shape)}.", advice: advice);
        }
    }

    /// <summary>Reads both files. All of them is checked, also what is behind the limit.</summary>
    public ImageDataset Read(string name, IReadOnlyList<string> classNames, ImageNormalization? normalization)
    {
        byte[] labels = ReadLabels(LabelsPath, classNames.Count, Advice, ImageSizes?[0]);
        using var file = IdxFile.Open(ImagesPath, ImageSizes is null ? [3, 4] : [ImageSizes.Length], Advice);
        file.Require(ImageSizes ?? file.Sizes);
        RequireSameCount(ImagesPath, file.Sizes[0], LabelsPath, labels.Length, Advice);
        RequireChannelsFirst(ImagesPath, file.Sizes, Advice);
        int count = Math.Min(Limit ?? labels.Length, labels.Length);
        using var scope = NewDisposeScope();
        var pixels = ReadPixels(file, count);
        return new ImageDataset(
            name,
            Transposed ? pixels.transpose(2, 3).contiguous() : pixels,
            tensor(Array.ConvertAll(labels[..count], label => (long)label)),
            classNames,
            normalization
        );
    }

    private Tensor ReadPixels(IdxFile file, int count)
    {
        int channels = file.Sizes is [_, int planes, _, _] ? planes : 1;
        if (file.Values / file.Sizes[0] * count > Array.MaxLength)
        {
            throw new DatasetFormatException(
                ImagesPath,
                "holds more than 2 GiB of images.",
                advice: "Take fewer of them, or open the unpacked file by MemoryMappedImageDataset.Open."
            );
        }

        var pixels = empty([count, channels, file.Sizes[^2], file.Sizes[^1]], dtype: ScalarType.Byte);
        file.Read(pixels.bytes);
        return pixels;
    }
}

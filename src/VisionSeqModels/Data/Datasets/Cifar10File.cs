using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Reads a file of CIFAR-10's binary version: for each image a byte of label and 3 planes of 32×32 bytes.</summary>
internal static class Cifar10File
{
    public const int ImageBytes = 3 * 32 * 32;

    public static long Length(int images) => images * (1L + ImageBytes);

    /// <summary>Reads the first images of the file, as many as there are places for labels. The file's size must be that of
    /// all its images.</summary>
    public static void Read(string path, int imagesInFile, Span<byte> pixels, Span<long> labels)
    {
        if (!File.Exists(path))
        {
            throw new DatasetNotFoundException(
                $"'{path}' is missing; the other files of CIFAR-10 are there. Put it beside them."
            );
        }

        using var stream = FileSystem.OpenToMap(path, bufferSize: 1 << 18, FileOptions.SequentialScan);
        long expected = Length(imagesInFile);
        if (stream.Length != expected)
        {
            throw new DatasetFormatException(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {stream.Length:n0} bytes, but must have {expected:n0} ({imagesInFile:n0} images of "
                        + $"{1 + ImageBytes:n0} bytes)."
                )
            );
        }

        try
        {
            for (int i = 0; i < labels.Length; i++)
            {
                int label = stream.ReadByte();
                labels[i] = label is >= 0 and <= 9
                    ? label
                    : throw new DatasetFormatException(
                        path,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"has the label {label} at image {i:n0} (counted from 0), but labels are 0..9."
                        )
                    );
                stream.ReadExactly(pixels.Slice(i * ImageBytes, ImageBytes));
            }
        }
        catch (EndOfStreamException e)
        {
            throw new DatasetFormatException(path, "became shorter while it was read.", e);
        }
    }
}

using System.Buffers;
using SkiaSharp;
using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels.Inference;

/// <summary>Reads one picture, from wherever it is, as the bytes of an image, into room that is there.</summary>
internal sealed class ImageBytes(ImagePreparation preparation)
{
    /// <summary>The largest file that is read: 256 MiB.</summary>
    private const int MostBytes = 256 << 20;

    private const int FirstBytes = 1 << 16;

    /// <exception cref="UnreadableImageException">The file is no picture, is damaged or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read(string path, Span<byte> image)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = FileSystem.Current.Open(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0 // it is read in large pieces
            );
            Read(stream, image);
        }
        catch (UnreadableImageException e)
        {
            throw new UnreadableImageException(e.Reason, path, e);
        }
    }

    /// <exception cref="UnreadableImageException">The stream holds no picture, or one that is damaged or too large.</exception>
    public void Read(Stream stream, Span<byte> image)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] file = ArrayPool<byte>.Shared.Rent(FirstBytes);
        try
        {
            int length = 0;
            for (int count = stream.Read(file); count > 0; count = stream.Read(file.AsSpan(length)))
            {
                length += count;
                if (length > MostBytes)
                {
                    throw new UnreadableImageException($"has more than {MostBytes} bytes");
                }

                file = length == file.Length ? Longer(file) : file;
            }

            Read(file.AsSpan(0, length), image);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(file);
        }
    }

    /// <exception cref="UnreadableImageException">The bytes are no picture, or one that is damaged or too large.</exception>
    public void Read(ReadOnlySpan<byte> file, Span<byte> image) =>
        ImageDecoder.Decode(file, preparation, image, ImageDecoder.DefaultPixelLimit);

    /// <exception cref="UnreadableImageException">The bitmap has no pixels, or too many.</exception>
    public void Read(SKBitmap bitmap, Span<byte> image)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        ImageDecoder.Prepare(bitmap, preparation, image);
    }

    public void Read(byte[] file, Span<byte> image) => Read(file.AsSpan(), image);

    private static byte[] Longer(byte[] file)
    {
        byte[] longer = ArrayPool<byte>.Shared.Rent(2 * file.Length);
        file.CopyTo(longer, 0);
        ArrayPool<byte>.Shared.Return(file);
        return longer;
    }
}

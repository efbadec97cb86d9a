using SkiaSharp;
using VisionSeqModels.Data;

namespace VisionSeqModels.Inference;

/// <summary>Reads one picture, from wherever it is, as the bytes of an image.</summary>
internal sealed class ImageBytes(ImagePreparation preparation)
{
    /// <summary>The largest file that is read: 256 MiB.</summary>
    private const int MostBytes = 256 << 20;

    /// <exception cref="UnreadableImageException">The file is no picture, is damaged or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Read(stream);
        }
        catch (UnreadableImageException e)
        {
            throw new UnreadableImageException(e.Reason, path, e);
        }
    }

    /// <exception cref="UnreadableImageException">The stream holds no picture, or one that is damaged or too large.</exception>
    public byte[] Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var all = new MemoryStream();
        byte[] part = new byte[81_920];
        for (int count = stream.Read(part); count > 0; count = stream.Read(part))
        {
            if (all.Length + count > MostBytes)
            {
                throw new UnreadableImageException($"has more than {MostBytes} bytes");
            }

            all.Write(part, 0, count);
        }

        return Read(all.GetBuffer().AsSpan(0, (int)all.Length));
    }

    /// <exception cref="UnreadableImageException">The bytes are no picture, or one that is damaged or too large.</exception>
    public byte[] Read(ReadOnlySpan<byte> file) => ImageDecoder.Decode(file, preparation);

    /// <exception cref="UnreadableImageException">The bitmap has no pixels, or too many.</exception>
    public byte[] Read(SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        return ImageDecoder.Prepare(bitmap, preparation);
    }
}

using System.Buffers.Binary;
using SkiaSharp;

namespace VisionSeqModels.Data;

/// <summary>Finds the EXIF orientation of a PNG file, in its chunk <c>eXIf</c>. SkiaSharp finds that of JPEG and WebP
/// alone.</summary>
internal static class PngOrientation
{
    private const int SignatureBytes = 8;
    private const int ChunkBytes = 12; // length, type and checksum
    private const int EntryBytes = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortKind = 3;

    /// <summary>The orientation; that of an upright picture where the file has none, or none that makes sense.</summary>
    public static SKEncodedOrigin Of(ReadOnlySpan<byte> file)
    {
        var rest = file.Length < SignatureBytes ? default : file.Slice(SignatureBytes);
        while (rest.Length >= ChunkBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - ChunkBytes)
            {
                break;
            }

            var content = rest.Slice(8, (int)length);
            if (rest.Slice(4, 4).SequenceEqual("eXIf"u8))
            {
                return InExif(content);
            }

            rest = rest.Slice(ChunkBytes + (int)length);
        }

        return SKEncodedOrigin.TopLeft;
    }

    /// <summary>Looks in the first directory of a TIFF structure.</summary>
    private static SKEncodedOrigin InExif(ReadOnlySpan<byte> exif)
    {
        bool isLittle = exif.StartsWith("II*\0"u8);
        if (exif.Length < 8 || !(isLittle || exif.StartsWith("MM\0*"u8)))
        {
            return SKEncodedOrigin.TopLeft;
        }

        uint at = isLittle
            ? BinaryPrimitives.ReadUInt32LittleEndian(exif.Slice(4))
            : BinaryPrimitives.ReadUInt32BigEndian(exif.Slice(4));
        if (at > exif.Length - 2)
        {
            return SKEncodedOrigin.TopLeft;
        }

        var directory = exif.Slice((int)at);
        int count = Number(directory, isLittle);
        for (int i = 0; i < count && 2 + ((i + 1) * EntryBytes) <= directory.Length; i++)
        {
            var entry = directory.Slice(2 + (i * EntryBytes), EntryBytes);
            if (Number(entry, isLittle) == OrientationTag && Number(entry.Slice(2), isLittle) == ShortKind)
            {
                return (SKEncodedOrigin)Number(entry.Slice(8), isLittle);
            }
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static ushort Number(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}

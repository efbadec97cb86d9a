using System.Buffers.Binary;
using System.IO.Compression;

namespace VisionSeqModels.Data;

/// <summary>Reads bytes in the IDX format, plain or packed with gzip. Nothing is allocated before the header was found to
/// be right.</summary>
internal static class IdxFile
{
    /// <summary>Reads the whole file if its header has exactly these sizes.</summary>
    /// <param name="path">The file; one that ends in .gz is unpacked.</param>
    /// <param name="sizes">The sizes that the header must have, the outermost first.</param>
    public static byte[] Read(string path, params int[] sizes)
    {
        try
        {
            using var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                bufferSize: 1 << 16,
                FileOptions.SequentialScan
            );
            using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            CheckHeader(stream, path, sizes);
            byte[] content = new byte[sizes.Aggregate(1, (product, size) => checked(product * size))];
            stream.ReadExactly(content);
            return stream.ReadByte() < 0
                ? content
                : throw new DatasetFormatException(
                    path,
                    FormattableString.Invariant($"goes on after the {content.Length:n0} bytes that its header promises.")
                );
        }
        catch (EndOfStreamException e)
        {
            throw new DatasetFormatException(path, $"ends before the {Text(sizes)} bytes that it must have.", e);
        }
        catch (InvalidDataException e)
        {
            throw new DatasetFormatException(path, $"is not a sound gzip file: {e.Message}", e);
        }
    }

    private static void CheckHeader(Stream stream, string path, int[] sizes)
    {
        Span<byte> header = stackalloc byte[4 + (4 * sizes.Length)];
        stream.ReadExactly(header[..4]);
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        uint expected = 0x0800u | (uint)sizes.Length; // type 8: unsigned bytes
        if (magic != expected)
        {
            throw new DatasetFormatException(
                path,
                $"begins with 0x{magic:x8}, but an IDX file of bytes in {sizes.Length} dimensions begins with 0x{expected:x8}."
            );
        }

        stream.ReadExactly(header[4..]);
        uint[] found = new uint[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            found[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + (4 * i))..]);
        }

        if (!found.SequenceEqual(sizes.Select(size => (uint)size)))
        {
            throw new DatasetFormatException(path, $"holds {Text(found)}, but must hold {Text(sizes)}.");
        }
    }

    private static string Text<T>(IEnumerable<T> sizes) => string.Join(" x ", sizes);
}

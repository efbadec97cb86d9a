using System.Buffers.Binary;
using System.Globalization;

namespace VisionSeqModels.Data;

/// <summary>The beginning of an IDX file of unsigned bytes: two zeros, 8, the number of dimensions, and each one's size as
/// four bytes, the highest first.</summary>
/// <param name="Sizes">The sizes, the outermost first.</param>
internal sealed record IdxHeader(int[] Sizes)
{
    /// <summary>Of the header itself.</summary>
    public long Bytes => 4 + (4 * Sizes.Length);

    public long FileBytes => Bytes + (long)Content;

    // Without overflow, whatever a damaged header says.
    private Int128 Content => Sizes.Aggregate((Int128)1, (product, size) => product * size);

    /// <summary>Reads the header and compares the file's length with it.</summary>
    public static IdxHeader Read(FileStream file, string path, params int[] dimensions)
    {
        Span<byte> bytes = stackalloc byte[4];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length || !dimensions.Contains(bytes[3]) || bytes[0] != 0 || bytes[1] != 0 || bytes[2] != 8)
        {
            throw new DatasetFormatException(
                path,
                $"does not begin as an IDX file of bytes in {string.Join(" or ", dimensions)} dimensions; it must not be packed.",
                advice: MemoryMappedImageDataset.WriteAnew
            );
        }

        int[] sizes = new int[bytes[3]];
        for (int i = 0; i < sizes.Length && read == bytes.Length; i++)
        {
            read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(bytes);
        }

        var header = new IdxHeader(sizes);
        return sizes.All(size => size > 0) && read == bytes.Length && header.Content == file.Length - header.Bytes
            ? header
            : throw new DatasetFormatException(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {file.Length} bytes, which is not what its header says ({string.Join(" x ", sizes)} after "
                        + $"{header.Bytes} bytes of header)."
                ),
                advice: MemoryMappedImageDataset.WriteAnew
            );
    }

    public static void Write(Stream stream, params int[] sizes)
    {
        Span<byte> bytes = stackalloc byte[4];
        stream.Write([0, 0, 8, (byte)sizes.Length]);
        foreach (int size in sizes)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, size);
            stream.Write(bytes);
        }
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>An IDX file of unsigned bytes, plain or packed with gzip, open behind its header.</summary>
/// <remarks>The format: two zeros, 8, the number of dimensions; the size of each as four bytes, the highest first; the
/// values. Nothing is allocated for the values before the file is known to be long enough for them.</remarks>
internal sealed class IdxFile : IDisposable
{
    /// <summary>The advice for a file of the user's own.</summary>
    public const string WriteAgain = "Write the file again.";

    private const int GreatestRatio = 1032; // gzip unpacks no byte to more bytes than these
    private readonly string _path;
    private readonly string _advice;
    private readonly Stream _content;

    private IdxFile(string path, string advice, bool unpack, FileOptions options)
    {
        _path = path;
        _advice = advice;
        Stream = FileSystem.OpenToMap(path, bufferSize: 1 << 16, options);
        _content = unpack ? new GZipStream(Stream, CompressionMode.Decompress) : Stream;
    }

    /// <summary>The file itself.</summary>
    public FileStream Stream { get; }

    /// <summary>The sizes, the outermost first; each at least 1.</summary>
    public int[] Sizes { get; private set; } = [];

    public int HeaderBytes => 4 + (4 * Sizes.Length);

    /// <summary>The number of values, without overflow whatever a damaged header says.</summary>
    public Int128 Values => Sizes.Aggregate((Int128)1, (product, size) => product * size);

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file; one that ends in .gz is unpacked.</param>
    /// <param name="dimensions">The numbers of dimensions that it may have.</param>
    /// <param name="advice">What to do about a file that is not right.</param>
    public static IdxFile Open(string path, int[] dimensions, string advice)
    {
        RequireFile(path);
        bool packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        return new IdxFile(path, advice, packed, FileOptions.SequentialScan).Checked(dimensions, packed);
    }

    /// <summary>Opens a file whose values are to be mapped into memory: it is not unpacked, and read at random.</summary>
    public static IdxFile OpenToMap(string path, int[] dimensions, string advice)
    {
        RequireFile(path);
        return new IdxFile(path, advice, unpack: false, FileOptions.None).Checked(dimensions, packed: false);
    }

    /// <summary>Writes a header.</summary>
    public static void WriteHeader(Stream stream, params ReadOnlySpan<int> sizes)
    {
        Span<byte> bytes = stackalloc byte[4];
        stream.Write([0, 0, 8, (byte)sizes.Length]);
        foreach (int size in sizes)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, size);
            stream.Write(bytes);
        }
    }

    /// <summary>Refuses a file of other sizes.</summary>
    public void Require(params int[] sizes)
    {
        if (!Sizes.SequenceEqual(sizes))
        {
            throw new DatasetFormatException(_path, $"holds {Text(Sizes)}, but must hold {Text(sizes)}.", advice: _advice);
        }
    }

    /// <summary>Reads the first values, as many as there is room for, and goes through the others to the file's end.</summary>
    public void Read(Span<byte> first)
    {
        Fill(first);
        byte[] others = new byte[1 << 16];
        for (var left = Values - first.Length; left > 0; left -= others.Length)
        {
            Fill(others.AsSpan(0, (int)Int128.Min(left, others.Length)));
        }

        if (ReadUpTo(others.AsSpan(0, 1)) > 0)
        {
            throw GoesOn();
        }
    }

    public void Dispose() => _content.Dispose(); // and with it the file

    private static void RequireFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new DatasetNotFoundException($"'{path}' is not there. Name the IDX files of images and labels.");
        }
    }

    private IdxFile Checked(int[] dimensions, bool packed)
    {
        try
        {
            ReadHeader(dimensions);
            CheckLength(packed);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void ReadHeader(int[] dimensions)
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (!dimensions.Any(count => magic == MagicOf(count)))
        {
            throw new DatasetFormatException(
                _path,
                $"begins with 0x{magic:x8}, but an IDX file of bytes in {string.Join(" or ", dimensions)} dimensions begins "
                    + $"with {string.Join(" or ", dimensions.Select(count => $"0x{MagicOf(count):x8}"))}.",
                advice: _advice
            );
        }

        uint[] sizes = new uint[bytes[3]];
        for (int i = 0; i < sizes.Length; i++)
        {
            Fill(bytes);
            sizes[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }

        if (sizes.Any(size => size is 0 or > int.MaxValue))
        {
            throw new DatasetFormatException(
                _path,
                $"holds {Text(sizes)}, but must hold from 1 to {int.MaxValue} in each dimension.",
                advice: _advice
            );
        }

        Sizes = Array.ConvertAll(sizes, size => (int)size);
    }

    private void CheckLength(bool packed)
    {
        long there = packed ? Stream.Length * GreatestRatio : Stream.Length - HeaderBytes;
        if (there < Values)
        {
            throw EndsEarly();
        }

        if (!packed && there > Values)
        {
            throw GoesOn();
        }
    }

    private void Fill(Span<byte> bytes)
    {
        if (ReadUpTo(bytes) < bytes.Length)
        {
            throw EndsEarly();
        }
    }

    private int ReadUpTo(Span<byte> bytes)
    {
        try
        {
            return _content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new DatasetFormatException(_path, $"is not a sound gzip file: {e.Message}", e, _advice);
        }
    }

    private DatasetFormatException EndsEarly() =>
        Sizes.Length == 0
            ? new DatasetFormatException(_path, "ends before the end of its header.", advice: _advice)
            : new DatasetFormatException(
                _path,
                $"ends before the {Text(Sizes)} bytes that its header promises.",
                advice: _advice
            );

    private DatasetFormatException GoesOn() =>
        new(_path, $"goes on after the {Text(Sizes)} bytes that its header promises.", advice: _advice);

    private static uint MagicOf(int dimensions) => 0x0800u | (uint)dimensions; // type 8: unsigned bytes

    private static string Text<T>(IEnumerable<T> sizes) => string.Join(" x ", sizes);
}

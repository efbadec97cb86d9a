using System.Buffers.Binary;
using System.Text;

namespace VisionSeqModels.Checkpoints;

/// <summary>The bytes of a pickle. A length that the file claims is compared with what is left before it is used.</summary>
internal sealed class PickleInput(Stream stream, long length)
{
    private const int LongestLine = 1000;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _buffer = new byte[1 << 14];
    private int _begin;
    private int _end;

    /// <summary>How many bytes were read.</summary>
    public long Position { get; private set; }

    private long Remaining => length - Position;

    /// <exception cref="FormatException">The file ends here.</exception>
    public byte Byte()
    {
        if (_begin == _end)
        {
            _begin = 0;
            _end = stream.Read(_buffer, 0, (int)Math.Min(_buffer.Length, Remaining));
            if (_end == 0)
            {
                throw new FormatException("its pickle is cut off.");
            }
        }

        Position++;
        return _buffer[_begin++];
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(sizeof(double)));

    public string Text(ulong bytes)
    {
        try
        {
            return StrictUtf8.GetString(Bytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("a text of it is not UTF-8.");
        }
    }

    public string Line()
    {
        List<byte> line = [];
        for (byte next = Byte(); next != (byte)'\n'; next = Byte())
        {
            line.Add(line.Count < LongestLine ? next : throw new FormatException("a name of it has no end."));
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    public byte[] Bytes(ulong count)
    {
        if (count > (ulong)Math.Max(Remaining, 0))
        {
            throw new FormatException("its pickle is cut off.");
        }

        byte[] bytes = new byte[count];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Byte();
        }

        return bytes;
    }
}

using System.Formats.Tar;
using System.Text;

namespace VisionSeqModels.Data;

/// <summary>Reads the entries of a tar archive, with the memory of one block.</summary>
/// <remarks>The ustar format. Extended headers (PAX) are skipped, so that only the plain name counts. Why not .NET's
/// <c>TarReader</c>: it allocates a gigabyte for an extended header that claims one, and does not check a header's
/// sum.</remarks>
internal sealed class TarFile(Stream stream, int maximumEntries, long maximumBytes)
{
    private const int BlockSize = 512;
    private readonly byte[] _block = new byte[BlockSize];
    private long _left; // of the entry's content, unread
    private long _bytes;
    private int _entries;

    public string Name { get; private set; } = "";

    public TarEntryType Type { get; private set; }

    public long Length { get; private set; }

    /// <summary>Goes to the next entry; false at the end.</summary>
    /// <exception cref="FormatException">The archive breaks the format, or has more than it may.</exception>
    /// <exception cref="EndOfStreamException">It ends within an entry.</exception>
    public bool Next()
    {
        do
        {
            Skip();
            if (stream.ReadAtLeast(_block, BlockSize, throwOnEndOfStream: false) is int read && read < BlockSize)
            {
                return read == 0 ? false : throw new EndOfStreamException();
            }

            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
            {
                return false;
            }

            ReadHeader();
        } while (Type is TarEntryType.ExtendedAttributes or TarEntryType.GlobalExtendedAttributes);
        return true;
    }

    /// <summary>Copies the entry's content.</summary>
    public void CopyTo(Stream target)
    {
        for (; _left > 0; _left -= Math.Min(_left, BlockSize))
        {
            stream.ReadExactly(_block);
            target.Write(_block, 0, (int)Math.Min(_left, BlockSize));
        }
    }

    private void Skip() => CopyTo(Stream.Null);

    private void ReadHeader()
    {
        long sum = _block.Sum(value => value) - _block.AsSpan(148, 8).ToArray().Sum(value => value) + (8 * ' ');
        Require(Octal(148, 8) == sum, "has a header with a wrong sum");
        Length = _left = Octal(124, 12);
        Type = _block[156] == 0 ? TarEntryType.V7RegularFile : (TarEntryType)_block[156];
        Name = Text(0, 100);
        if (_block.AsSpan(257, 6).SequenceEqual("ustar\0"u8) && Text(345, 155) is { Length: > 0 } folder)
        {
            Name = $"{folder}/{Name}";
        }

        Require(++_entries <= maximumEntries, $"has more than {maximumEntries} entries");
        Require(Length <= maximumBytes - _bytes, FormattableString.Invariant($"unpacks to more than {maximumBytes:n0} bytes"));
        _bytes += Length;
    }

    private long Octal(int begin, int length)
    {
        string digits = Text(begin, length).Trim(' ');
        Require(digits.Length > 0 && digits.All(digit => digit is >= '0' and <= '7'), $"has a header with the number '{digits}'");
        return digits.Aggregate(0L, (number, digit) => (number * 8) + (digit - '0'));
    }

    private string Text(int begin, int length)
    {
        var field = _block.AsSpan(begin, length);
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private static void Require(bool condition, string fault)
    {
        if (!condition)
        {
            throw new FormatException(fault);
        }
    }
}

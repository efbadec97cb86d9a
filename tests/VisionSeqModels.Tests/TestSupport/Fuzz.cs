using System.Globalization;
using CsCheck;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests;

/// <summary>Feeds a reader with damaged files. VISIONSEQ_FUZZ says how many cases of each reader to try; of slow ones a
/// fraction of that.</summary>
/// <remarks>Random bytes alone hardly ever pass a first check, so sound files are damaged: bytes, ranges and numbers, one
/// file's part put into another.</remarks>
internal sealed class Fuzz(ITestOutputHelper output)
{
    private const int Usual = 1000;
    private const long SpareBytes = 2_000_000; // what a reader may allocate whatever the file: buffers, tables, messages
    private const long BytesForEach = 100; // of the file: as text, as tree, as record, with a copy of each
    private static readonly string[] Numbers =
    [
        "0",
        "-1",
        "1",
        "9",
        "1e999",
        "-0",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "4611686018427387904",
        "0.5",
        "null",
        "true",
        "\"\"",
        "[]",
        "{}",
        "[null]",
    ];

    private static readonly byte[][] Pieces =
    [
        [0],
        [0xff],
        [0, 0, 0, 0],
        [0xff, 0xff, 0xff, 0xff],
        [0x7f, 0xff, 0xff, 0xff],
        [0, 0, 0, 0, 0, 0, 0, 0x40],
        "\\ud800"u8.ToArray(),
        "\"a\":1,"u8.ToArray(),
        [0xc3, 0x28],
    ];

    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);

    /// <summary>How many cases to try.</summary>
    /// <param name="usual">How many where VISIONSEQ_FUZZ does not say; 1000 for a quick reader.</param>
    public static int Count(int usual = Usual) =>
        Environment.GetEnvironmentVariable("VISIONSEQ_FUZZ") is { Length: > 0 } text
            ? (int)(long.Parse(text, CultureInfo.InvariantCulture) * usual / Usual)
            : usual;

    /// <summary>Reads damaged copies of sound files; each must give a result or one of the allowed exceptions, for little
    /// memory.</summary>
    /// <param name="sound">The sound files.</param>
    /// <param name="read">Reads a file of these bytes.</param>
    /// <param name="isAllowed">Whether the reader may throw this.</param>
    /// <param name="usual">How many cases to try where VISIONSEQ_FUZZ does not say; 1000 for a quick reader.</param>
    public void Read(byte[][] sound, Action<byte[]> read, Func<Exception, bool> isAllowed, int usual = Usual)
    {
        int count = Count(usual);
        Damaged(sound).Sample(bytes => Try(bytes, read, isAllowed), iter: count, threads: 1);
        string outcomes = string.Join(
            ", ",
            _outcomes.Select(outcome => string.Create(CultureInfo.InvariantCulture, $"{outcome.Key} {outcome.Value:n0}"))
        );
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:n0} files: {outcomes}"));
        Assert.True(_outcomes.ContainsKey("read") && _outcomes.Count > 1, $"the damage is one-sided: {outcomes}");
    }

    private void Try(byte[] bytes, Action<byte[]> read, Func<Exception, bool> isAllowed)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string outcome = "read";
        try
        {
            read(bytes);
        }
        catch (Exception e) when (isAllowed(e))
        {
            outcome = e.GetType().Name;
        }

        _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(
            allocated <= SpareBytes + (BytesForEach * bytes.Length),
            $"{allocated} bytes allocated for a file of {bytes.Length}"
        );
    }

    private static Gen<byte[]> Damaged(byte[][] sound) =>
        Gen.Select(
            Gen.Int[0, sound.Length - 1],
            Gen.Int[0, sound.Length - 1],
            Gen.Select(Gen.Int[0, 7], Gen.Double.Unit, Gen.Int[0, 40], Gen.Byte).Array[0, 4],
            (file, other, damage) =>
                damage.Aggregate(
                    sound[file],
                    (bytes, one) =>
                        Damage(bytes, sound[other], one.Item1, (int)(one.Item2 * (bytes.Length + 1)), one.Item3, one.Item4)
                )
        );

    private static byte[] Damage(byte[] bytes, byte[] other, int kind, int at, int length, byte value)
    {
        int end = Math.Min(at + length, bytes.Length);
        return kind switch
        {
            0 => [.. bytes[..at], value, .. bytes[Math.Min(at + 1, bytes.Length)..]], // another byte
            1 => [.. bytes[..at], .. bytes[end..]], // a range less
            2 => [.. bytes[..end], .. bytes[at..]], // a range twice
            3 => bytes[..at], // cut off
            4 => [.. bytes[..at], .. Pieces[value % Pieces.Length], .. bytes[at..]], // a piece more
            5 =>
            [
                .. bytes[..at],
                .. Pieces[value % Pieces.Length],
                .. bytes[Math.Min(at + Pieces[value % Pieces.Length].Length, bytes.Length)..],
            ], // a piece instead
            6 => [.. bytes[..at], .. other[Math.Min(at, other.Length)..]], // the end of another file
            _ => WithNumber(bytes, at, Numbers[value % Numbers.Length]),
        };
    }

    /// <summary>Puts a text in the place of the next number or text value, as far as there is one.</summary>
    private static byte[] WithNumber(byte[] bytes, int from, string text)
    {
        int begin = bytes.AsSpan(from).IndexOf((byte)':');
        if (begin < 0)
        {
            return bytes;
        }

        begin += from + 1;
        int end = bytes.AsSpan(begin).IndexOfAny((byte)',', (byte)'}', (byte)'\n');
        return [.. bytes[..begin], .. System.Text.Encoding.ASCII.GetBytes(text), .. end < 0 ? [] : bytes[(begin + end)..]];
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>Safetensors files with a SHA-256 sum of the whole file in their metadata, computed with zeros in place of the sum.
/// Other readers of the format see one more text entry.</summary>
internal static class ChecksummedSafetensors
{
    private const string Key = "sha256";
    private static readonly string Zeros = new('0', 64);
    private static readonly byte[] Mark = Encoding.ASCII.GetBytes($"\"{Key}\":\"");

    public static void Write(
        Stream stream,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        using var scope = NewDisposeScope();
        var all = tensors.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.detach().cpu().contiguous())).ToList();
        var withSum = new Dictionary<string, string>(StringComparer.Ordinal) { [Key] = Zeros };
        foreach (var (name, text) in metadata)
        {
            withSum.Add(name, text);
        }

        byte[] header = WithLength(SafetensorsHeader.Encode(all, withSum));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        foreach (var (_, tensor) in all)
        {
            TensorBytes.Visit(tensor, piece => hash.AppendData(piece));
        }

        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset())).CopyTo(header, SumAt(header));
        stream.Write(header);
        foreach (var (_, tensor) in all)
        {
            TensorBytes.Visit(tensor, piece => stream.Write(piece));
        }
    }

    /// <exception cref="InvalidDataException">The file breaks the format, lacks a sum, or has changed since it was
    /// written.</exception>
    public static SafetensorsContent Read(string path)
    {
        Check(path);
        return Safetensors.Read(path);
    }

    private static void Check(string path)
    {
        using var stream = FileSystem.Current.OpenRead(path);
        byte[] header = ReadHeader(stream);
        int sumAt = SumAt(header);
        if (sumAt < 0 || sumAt + Zeros.Length > header.Length)
        {
            throw new InvalidDataException($"'{path}' carries no checksum: it is damaged, or no state of a run.");
        }

        string recorded = Encoding.ASCII.GetString(header, sumAt, Zeros.Length);
        Encoding.ASCII.GetBytes(Zeros).CopyTo(header, sumAt);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        byte[] buffer = new byte[1 << 16];
        while (stream.Read(buffer) is int count and > 0)
        {
            hash.AppendData(buffer, 0, count);
        }

        if (recorded != Convert.ToHexStringLower(hash.GetHashAndReset()))
        {
            throw new InvalidDataException($"'{path}' is damaged: its content does not match its checksum.");
        }
    }

    /// <summary>The header with its length before it; empty where the file has none that is whole.</summary>
    private static byte[] ReadHeader(Stream stream)
    {
        byte[] prefix = new byte[sizeof(ulong)];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            return [];
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > Math.Min((ulong)(stream.Length - prefix.Length), SafetensorsHeader.MaximumHeaderBytes))
        {
            return [];
        }

        byte[] header = new byte[prefix.Length + (int)length];
        prefix.CopyTo(header, 0);
        stream.ReadExactly(header.AsSpan(prefix.Length));
        return header;
    }

    private static byte[] WithLength(byte[] header)
    {
        byte[] start = new byte[sizeof(ulong) + header.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(start, (ulong)header.Length);
        header.CopyTo(start, sizeof(ulong));
        return start;
    }

    /// <summary>The place of the sum. The metadata's other texts escape their quotes, so the mark occurs in this entry
    /// only.</summary>
    private static int SumAt(ReadOnlySpan<byte> header)
    {
        int mark = header.IndexOf(Mark);
        return mark < 0 ? -1 : mark + Mark.Length;
    }
}

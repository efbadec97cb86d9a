using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
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
            hash.AppendData(tensor.bytes);
        }

        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset())).CopyTo(header, SumAt(header));
        stream.Write(header);
        foreach (var (_, tensor) in all)
        {
            stream.Write(tensor.bytes);
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
        byte[] bytes = File.ReadAllBytes(path);
        int sumAt = HeaderLength(bytes) is int length ? SumAt(bytes.AsSpan(0, length)) : -1;
        if (sumAt < 0 || sumAt + Zeros.Length > bytes.Length)
        {
            throw new InvalidDataException($"'{path}' carries no checksum: it is damaged, or no state of a run.");
        }

        string recorded = Encoding.ASCII.GetString(bytes, sumAt, Zeros.Length);
        Encoding.ASCII.GetBytes(Zeros).CopyTo(bytes, sumAt);
        if (recorded != Convert.ToHexStringLower(SHA256.HashData(bytes)))
        {
            throw new InvalidDataException($"'{path}' is damaged: its content does not match its checksum.");
        }
    }

    private static byte[] WithLength(byte[] header)
    {
        byte[] start = new byte[sizeof(ulong) + header.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(start, (ulong)header.Length);
        header.CopyTo(start, sizeof(ulong));
        return start;
    }

    private static int? HeaderLength(byte[] file)
    {
        ulong length = file.Length < sizeof(ulong) ? ulong.MaxValue : BinaryPrimitives.ReadUInt64LittleEndian(file);
        return length <= (ulong)(file.Length - sizeof(ulong)) ? sizeof(ulong) + (int)length : null;
    }

    /// <summary>The place of the sum. The metadata's other texts escape their quotes, so the mark occurs in this entry
    /// only.</summary>
    private static int SumAt(ReadOnlySpan<byte> header)
    {
        int mark = header.IndexOf(Mark);
        return mark < 0 ? -1 : mark + Mark.Length;
    }
}

using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>The JSON header of a safetensors file; every number of it is checked against the file's length before it is
/// used.</summary>
internal sealed class SafetensorsHeader
{
    public const long MaximumHeaderBytes = 100_000_000; // the reference implementation's own limit
    private const string MetadataKey = "__metadata__";
    private const int PieceOfText = 4096;

    private SafetensorsHeader(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>The tensors in the order of their bytes, which have no gap and no overlap.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public static SafetensorsHeader Read(Stream stream, string path)
    {
        try
        {
            return Parse(ReadText(stream), stream.Length - stream.Position);
        }
        // JsonElement throws InvalidOperationException for text that is no valid Unicode.
        catch (Exception e)
            when (e is FormatException or JsonException or OverflowException or EndOfStreamException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is not a sound safetensors file: {e.Message}", e);
        }
    }

    public static byte[] Encode(
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        using var header = new MemoryStream();
        using (var writer = new Utf8JsonWriter(header))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            WriteEntries(writer, tensors);
            writer.WriteEndObject();
        }

        if (header.Length > MaximumHeaderBytes - 8)
        {
            throw new ArgumentException(
                $"The names and the metadata take {header.Length} bytes, more than the {MaximumHeaderBytes - 8} that the readers "
                    + "of this format take. Write less metadata, or the tensors in several files.",
                nameof(metadata)
            );
        }

        byte[] padded = new byte[(header.Length + 7) / 8 * 8]; // the bytes of the tensors begin at a multiple of 8
        padded.AsSpan().Fill((byte)' ');
        header.ToArray().CopyTo(padded, 0);
        return padded;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 })
        {
            return;
        }

        writer.WriteStartObject(MetadataKey);
        foreach (var (name, text) in metadata)
        {
            writer.WritePropertyName(name);
            WriteText(writer, text);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a text piece by piece. In one piece it would be escaped in a buffer of six times its length, which .NET's
    /// shared pool keeps: the text of a long run's state is long.</summary>
    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<char> text)
    {
        while (text.Length > PieceOfText)
        {
            writer.WriteStringValueSegment(text[..PieceOfText], isFinalSegment: false);
            text = text[PieceOfText..];
        }

        writer.WriteStringValueSegment(text, isFinalSegment: true);
    }

    private static void WriteEntries(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        long begin = 0;
        foreach (var (name, tensor) in tensors)
        {
            var (dtype, size) = SafetensorsEntry.Describe(tensor.dtype);
            long end = begin + (tensor.numel() * size);
            if (name == MetadataKey || !names.Add(name))
            {
                throw new ArgumentException(
                    $"The tensor name '{name}' comes twice or is reserved; names must be unique. Rename it.",
                    nameof(tensors)
                );
            }

            writer.WriteStartObject(name);
            writer.WriteString("dtype", dtype);
            WriteNumbers(writer, "shape", tensor.shape);
            WriteNumbers(writer, "data_offsets", [begin, end]);
            writer.WriteEndObject();
            begin = end;
        }
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static byte[] ReadText(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (stream.Length < prefix.Length)
        {
            throw new FormatException($"it has {stream.Length} bytes, fewer than the 8 of the header length.");
        }

        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long rest = stream.Length - prefix.Length;
        if (length > MaximumHeaderBytes || (long)length > rest)
        {
            throw new FormatException(
                $"its header should have {length} bytes, but only {rest} bytes follow (limit {MaximumHeaderBytes})."
            );
        }

        byte[] text = new byte[length];
        stream.ReadExactly(text);
        return text;
    }

    private static SafetensorsHeader Parse(byte[] text, long dataLength)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("its header is not a JSON object.");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<SafetensorsEntry>();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                ReadMetadata(property.Value, metadata);
            }
            else
            {
                entries.Add(SafetensorsEntryReader.Read(property.Name, property.Value));
            }
        }

        entries = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        CheckRanges(entries, dataLength);
        return new SafetensorsHeader(entries, metadata);
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (
            element.ValueKind != JsonValueKind.Object
            || element.EnumerateObject().Any(item => item.Value.ValueKind != JsonValueKind.String)
        )
        {
            throw new FormatException("its __metadata__ is not an object of texts.");
        }

        foreach (var item in element.EnumerateObject())
        {
            metadata[item.Name] = item.Value.GetString()!;
        }
    }

    private static void CheckRanges(IEnumerable<SafetensorsEntry> entries, long dataLength)
    {
        long expected = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != expected)
            {
                string what = entry.Begin < expected ? "overlap the tensor before it" : "leave a gap after the tensor before it";
                throw new FormatException(
                    $"the bytes {entry.Begin} to {entry.End} of tensor '{entry.Name}' {what}, which ends at {expected}."
                );
            }

            expected = entry.End;
        }

        if (expected != dataLength)
        {
            throw new FormatException(
                $"its tensors take {expected} bytes, but {dataLength} bytes follow the header; the file is cut off or has a tail."
            );
        }
    }
}

using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>The header of weights, text by text, and what of it is refused.</summary>
[Collection("Torch")]
public sealed class SafetensorsHeaderTests
{
    private const string Two =
        """{"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""";

    [Fact]
    public void Header_IsPaddedToEightBytes_AndHasMetadataOnlyWhereThereIsSome()
    {
        using var scope = NewDisposeScope();
        KeyValuePair<string, Tensor>[] tensors = [new("a", zeros(2, 3)), new("b", zeros(1, dtype: ScalarType.Byte))];
        const string entries =
            "\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[24,25]}}";
        foreach (var none in (Dictionary<string, string>?[])[null, []])
        {
            byte[] plain = SafetensorsHeader.Encode(tensors, none);
            Assert.Equal(0, plain.Length % 8);
            Assert.Equal("{" + entries, Encoding.UTF8.GetString(plain).TrimEnd(' '));
            Assert.InRange(plain.Length - entries.Length - 1, 0, 7);
        }

        Assert.Equal(
            "{\"__metadata__\":{\"k\":\"v\"}," + entries,
            Encoding
                .UTF8.GetString(SafetensorsHeader.Encode(tensors, new Dictionary<string, string> { ["k"] = "v" }))
                .TrimEnd(' ')
        );
    }

    /// <summary>Long texts are written piece by piece, and pieces end anywhere: also between the halves of a character.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void LongText_IsWrittenAsInOnePiece(int before)
    {
        using var scope = NewDisposeScope();
        string text = new string('a', before) + string.Concat(Enumerable.Repeat("\U0001F600\"ü<\u0001", 20_000));
        byte[] header = SafetensorsHeader.Encode([], new Dictionary<string, string> { ["k"] = text });
        Assert.Equal(
            "{\"__metadata__\":{\"k\":\"" + JsonEncodedText.Encode(text) + "\"}}",
            Encoding.UTF8.GetString(header).TrimEnd(' ')
        );
        Assert.Equal(text, Read(Encoding.UTF8.GetString(header), 0).Metadata["k"]);
    }

    [Fact]
    public void LongText_NeedsNoPooledBufferOfItsLength()
    {
        var metadata = new Dictionary<string, string> { ["k"] = new('"', 1 << 20) };
        Assert.InRange(PooledBuffers.Longest(() => SafetensorsHeader.Encode([], metadata)), 0, 1 << 16);
    }

    [Fact]
    public void HeaderThatNoReaderTakes_IsNotWritten()
    {
        string text = new('a', (int)SafetensorsHeader.MaximumHeaderBytes);
        var fault = Assert.Throws<ArgumentException>(() =>
            SafetensorsHeader.Encode([], new Dictionary<string, string> { ["k"] = text })
        );
        Assert.Contains("take 100000025 bytes, more than the 99999992", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("__metadata__")]
    public void NameThatComesTwiceOrIsReserved_IsRefused(string second)
    {
        using var scope = NewDisposeScope();
        Assert.Contains(
            $"The tensor name '{second}' comes twice or is reserved",
            Assert
                .Throws<ArgumentException>(() => SafetensorsHeader.Encode([new("a", zeros(1)), new(second, zeros(1))], null))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Entries_ComeInTheOrderOfTheirBytes() =>
        Assert.Equal(["a", "b"], Read(Two, 16).Entries.Select(entry => entry.Name));

    [Theory]
    [InlineData(Two, 15, "take 16 bytes, but 15 bytes follow")]
    [InlineData(Two, 17, "take 16 bytes, but 17 bytes follow")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "leave a gap after the tensor before it")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""",
        3,
        "the bytes 1 to 3 of tensor 'b' overlap the tensor before it, which ends at 2"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[3],"data_offsets":[4,12]}}""",
        12,
        "needs 12 bytes, but its data_offsets [4, 12] hold 8."
    )]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,1]}}""", 1, "tensor 'a' has no list 'shape' of at most 64 numbers.")]
    [InlineData("""{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}""", 1, "has no list 'shape' of at most 64 numbers.")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1]}}""", 1, "has no list 'data_offsets' of at most 2 numbers.")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}""",
        1,
        "has no list 'data_offsets' of at most 2 numbers."
    )]
    [InlineData("[]", 0, "its header is not a JSON object.")]
    [InlineData("""{"__metadata__":[]}""", 0, "its __metadata__ is not an object of texts.")]
    [InlineData("""{"__metadata__":{"a":"b","c":1}}""", 0, "its __metadata__ is not an object of texts.")]
    [InlineData("""{"a":1,"a":2}""", 0, "is not a sound safetensors file")]
    public void Unsound_IsRefusedInASentence(string header, int bytes, string says) =>
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => Read(header, bytes)).Message, StringComparison.Ordinal);

    [Fact]
    public void LengthBeyondTheFile_IsRefused_AndThatOfTheWholeFileIsRead()
    {
        Assert.Empty(Read("{}", 0).Entries);
        Refused([1, 2, 3], "it has 3 bytes, fewer than the 8 of the header length.");
        Refused(
            [3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'],
            "should have 3 bytes, but only 2 bytes follow (limit 100000000)."
        );
        Refused([0, 0, 0, 0, 0, 0, 0, 0], "is not a sound safetensors file");
        Refused([255, 255, 255, 255, 255, 255, 255, 255, 1], "but only 1 bytes follow");
    }

    [Fact]
    public void Shape_HasAtMost64Sides()
    {
        string ones = string.Join(',', Enumerable.Repeat(1, 64));
        Assert.Equal(64, Assert.Single(Read(Of(ones), 1).Entries).Shape.Length);
        string message = Assert.Throws<InvalidDataException>(() => Read(Of(ones + ",1"), 1)).Message;
        Assert.Contains("has no list 'shape' of at most 64 numbers.", message, StringComparison.Ordinal);

        static string Of(string sides) => """{"a":{"dtype":"U8","data_offsets":[0,1],"shape":[""" + sides + "]}}";
    }

    /// <summary>It may have no byte at all, which is no JSON; a larger one than the limit is not read.</summary>
    [Fact]
    public void Header_HasAtMostAHundredMillionBytes()
    {
        Assert.IsAssignableFrom<JsonException>(Fault(length: 0));
        Assert.IsType<EndOfStreamException>(Fault(length: 100_000_000));
        Assert.Equal(
            "its header should have 100000001 bytes, but only 100000001 bytes follow (limit 100000000).",
            Fault(length: 100_000_001).Message
        );
    }

    /// <summary>What a header of so many bytes is refused for, of which none can be read.</summary>
    private static Exception Fault(long length)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
        using var stream = new Claiming(prefix, prefix.Length + length);
        return Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(stream, "file")).InnerException!;
    }

    private static void Refused(byte[] file, string says)
    {
        using var stream = new MemoryStream(file);
        Assert.Contains(
            says,
            Assert.Throws<InvalidDataException>(() => SafetensorsHeader.Read(stream, "file")).Message,
            StringComparison.Ordinal
        );
    }

    private static SafetensorsHeader Read(string header, int bytes)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        using var stream = new MemoryStream([.. prefix, .. Encoding.UTF8.GetBytes(header), .. new byte[bytes]]);
        return SafetensorsHeader.Read(stream, "file");
    }

    /// <summary>A stream that says it is longer than it is.</summary>
    private sealed class Claiming(byte[] content, long length) : MemoryStream(content)
    {
        public override long Length => length;
    }
}

using System.Buffers.Binary;
using System.Text;
using CsCheck;
using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

[Collection("Torch")]
public sealed class SafetensorsTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void WriteRead_EveryDtype_GivesTheSameBytes(ScalarType type)
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        var original = arange(12).reshape(3, 4).remainder(2).to_type(type);

        Safetensors.Write(folder["t.safetensors"], [new("a.b", original), new("empty", zeros(0, 5)), new("scalar", tensor(3f))]);
        using var read = Safetensors.Read(folder["t.safetensors"]);

        Assert.Equal(type, read.Tensors["a.b"].dtype);
        TensorAssert.Identical(original, read.Tensors["a.b"], "a.b");
        Assert.Equal([0, 5], read.Tensors["empty"].shape);
        Assert.Equal(3f, read.Tensors["scalar"].item<float>());
    }

    [Fact]
    public void Write_OfATransposedView_WritesItsValuesInOrder()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        var view = arange(6).reshape(2, 3).t();

        Safetensors.Write(folder["t.safetensors"], [new("view", view)]);
        using var read = Safetensors.Read(folder["t.safetensors"]);

        TensorAssert.Identical(view, read.Tensors["view"], "view");
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "8 bytes, but 7 bytes follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "8 bytes, but 9 bytes follow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "needs 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "leave a gap")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""",
        6,
        "overlap"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
        2,
        "duplicate"
    )]
    [InlineData("""{"a":{"dtype":"F8","shape":[2],"data_offsets":[0,2]}}""", 2, "dtype 'F8'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "at least 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "overflow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "a begin and an end")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,0]}}""",
        0,
        "overflow"
    )]
    [InlineData("""{"a":{"dtype":"F64","shape":[0,9223372036854775807],"data_offsets":[0,0]}}""", 0, "overflow")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 8, "duplicate")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"shape":[2],"data_offsets":[0,8]}}""", 8, "duplicate")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "duplicate")]
    [InlineData("""{"a":7}""", 0, "has no dtype")]
    [InlineData("""[1]""", 0, "not a JSON object")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "not an object of texts")]
    [InlineData("""{"a":""", 0, "not a sound safetensors file")]
    public void Read_UnsoundFile_SaysWhatIsWrong(string header, int dataLength, string expected)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["bad.safetensors"], FileOf(header, dataLength));

        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Read(folder["bad.safetensors"]));

        Assert.Contains(expected, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("bad.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderLengthBeyondTheFile_AllocatesNothingForIt()
    {
        using var folder = new TempFolder();
        byte[] file = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(file, ulong.MaxValue);
        File.WriteAllBytes(folder["bad.safetensors"], file);

        Assert.Throws<InvalidDataException>(() => Safetensors.Read(folder["bad.safetensors"]));
    }

    [Fact]
    public void Write_WhenATensorsTypeIsUnknown_LeavesTheOldFile()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        File.WriteAllText(folder["t.safetensors"], "old");

        Assert.ThrowsAny<ArgumentException>(() =>
            Safetensors.Write(folder["t.safetensors"], [new("c", zeros(2, dtype: ScalarType.ComplexFloat32))])
        );

        Assert.Equal("old", File.ReadAllText(folder["t.safetensors"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public void Read_BooleanOtherThan0And1_IsRefused(byte value)
    {
        using var folder = new TempFolder();
        byte[] file = FileOf("""{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}""", 3);
        file[^2] = value;
        File.WriteAllBytes(folder["bad.safetensors"], file);

        var error = Assert.Throws<InvalidDataException>(() => Safetensors.Read(folder["bad.safetensors"]));

        Assert.Contains("'a' of dtype BOOL has a byte other than 0 and 1", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Headers that are JSON, with every number and name that an attacker may think of: a result or
    /// InvalidDataException, never another exception, and no tensor left behind.</summary>
    [Fact]
    public void Read_AnyHeader_GivesTensorsOrInvalidDataException()
    {
        using var folder = new TempFolder();
        string[] numbers =
        [
            "0",
            "1",
            "2",
            "8",
            "-1",
            "2147483648",
            "4611686018427387904",
            "9223372036854775807",
            "1e3",
            "0.5",
            "\"1\"",
        ];
        string[] types = ["F32", "F64", "F16", "BF16", "I64", "I8", "U8", "BOOL", "F8", "f32", ""];
        string[] names = ["a", "b", "__metadata__", "", "\\ud800", "\\u0000"];
        string[] keys = ["dtype", "shape", "data_offsets", "extra"];
        var list = Gen.OneOfConst(numbers).Array[0, 4].Select(items => $"[{string.Join(',', items)}]");
        var value = Gen.OneOf(list, list, Gen.OneOfConst(types).Select(type => $"\"{type}\""), Gen.OneOfConst(numbers));
        var pair = Gen.Select(Gen.OneOfConst(keys), value, (key, content) => $"\"{key}\":{content}");
        var usual = Gen.Select(
            Gen.OneOfConst(types),
            list,
            list,
            (type, shape, offsets) => $"\"dtype\":\"{type}\",\"shape\":{shape},\"data_offsets\":{offsets}"
        );
        var entry = Gen.OneOf(usual, usual, pair.Array[0, 5].Select(pairs => string.Join(',', pairs)));
        var header = Gen.Select(Gen.OneOfConst(names), entry, (name, content) => $"\"{name}\":{{{content}}}")
            .Array[0, 3]
            .Select(entries => $"{{{string.Join(',', entries)}}}");
        long before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        int read = 0;
        Gen.Select(header, Gen.OneOfConst(0, 0, 1, 2, 8))
            .Sample(
                (text, length) =>
                {
                    File.WriteAllBytes(folder["any"], FileOf(text, length));
                    try
                    {
                        using var content = Safetensors.Read(folder["any"]);
                        read++;
                    }
                    catch (InvalidDataException e)
                    {
                        Assert.Contains("is not a sound safetensors file", e.Message, StringComparison.Ordinal);
                    }
                },
                iter: Fuzz.Count(5000),
                threads: 1
            );
        Assert.True(read > 0);
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>What a span cannot hold goes piece by piece; here with pieces of few bytes instead of 2 GiB.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(1000)]
    public void Pieces_OfAnySize_GiveTheSameFileAndTheSameTensors(int pieceBytes)
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        KeyValuePair<string, Tensor>[] tensors =
        [
            new("floats", rand(5, 7)),
            new("view", rand(4, 6).t()),
            new("doubles", rand(9, dtype: ScalarType.Float64)),
            new("halves", rand(3).to_type(ScalarType.BFloat16)),
            new("booleans", tensor(new[] { true, false, true })),
            new("scalar", tensor(3L)),
            new("empty", zeros(0, 5)),
        ];
        Safetensors.Write(folder["whole"], tensors);
        Safetensors.Write(folder["pieces"], tensors, null, pieceBytes);

        Assert.Equal(File.ReadAllBytes(folder["whole"]), File.ReadAllBytes(folder["pieces"]));
        using var read = Safetensors.Read(folder["whole"], pieceBytes);
        Assert.All(tensors, entry => TensorAssert.Identical(entry.Value, read.Tensors[entry.Key], entry.Key));
    }

    /// <summary>Takes 2.1 GiB of memory and of disk.</summary>
    [LargeMemoryFact]
    public void TensorOfMoreThan2GiB_IsSavedAndLoaded()
    {
        const long count = int.MaxValue + 1000L;
        using var folder = new TempFolder();
        using (var large = ones(count, dtype: ScalarType.Byte))
        {
            large[count - 1] = 7;
            Safetensors.Write(folder["large"], [new("large", large)]);
        }

        using var read = Safetensors.Read(folder["large"]);
        Assert.Equal(count, read.Tensors["large"].numel());
        using var scope = NewDisposeScope();
        Assert.Equal(7, read.Tensors["large"][count - 1].item<byte>());
        Assert.Equal(1, read.Tensors["large"][count - 2].item<byte>());
    }

    private static byte[] FileOf(string header, int dataLength)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. new byte[dataLength]];
    }
}

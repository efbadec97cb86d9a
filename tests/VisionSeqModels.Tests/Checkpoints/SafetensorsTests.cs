using System.Buffers.Binary;
using System.Text;
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
        "comes twice"
    )]
    [InlineData("""{"a":{"dtype":"F8","shape":[2],"data_offsets":[0,2]}}""", 2, "dtype 'F8'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "at least 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "overflow")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "a begin and an end")]
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

    private static byte[] FileOf(string header, int dataLength)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. new byte[dataLength]];
    }
}

using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>The headers of a saved state's tensors, at both sides of each bound.</summary>
public sealed class OptimizerStateReaderTests
{
    private const long Single = (long)ScalarType.Float32;
    private const string TooLarge = "a tensor is larger than the file.";
    private const string Unknown = "a tensor has an unknown type.";

    [Fact]
    public void SoundTensors_AreRead_OneAfterTheOther()
    {
        using var reader = Of(writer =>
        {
            Tensor(writer, 1200, Single, 300);
            Tensor(writer, 8, (long)ScalarType.Float64);
            Tensor(writer, 48, (long)ScalarType.Int64, 2, 3);
            Tensor(writer, 2, (long)ScalarType.Float16, 1);
            Tensor(writer, 2, (long)ScalarType.BFloat16, 1);
            Tensor(writer, 4, Single, [.. Enumerable.Repeat(1L, 64)]);
        });
        Assert.Equal([Single, 1, 300], Header(reader, 1200));
        Assert.Equal([(long)ScalarType.Float64, 0], Header(reader, 8));
        Assert.Equal([(long)ScalarType.Int64, 2, 2, 3], Header(reader, 48));
        Assert.Equal([(long)ScalarType.Float16, 1, 1], Header(reader, 2));
        Assert.Equal([(long)ScalarType.BFloat16, 1, 1], Header(reader, 2));
        Assert.Equal(66, Header(reader, 4).Count);
    }

    [Theory]
    [InlineData(Unknown, 0, 99L)]
    [InlineData(Unknown, 0, (long)ScalarType.Int32)]
    [InlineData(Unknown, 0, (1L << 32) + Single)]
    [InlineData("a tensor has too many dimensions.", 0, Single, 65L)]
    [InlineData(TooLarge, 180, Single, 1L, 300L)]
    [InlineData(TooLarge, 11, Single, 1L, 3L)]
    [InlineData(TooLarge, 20, Single, 2L, 2L, 3L)]
    [InlineData(TooLarge, 3, Single, 0L)]
    [InlineData(TooLarge, 20, Single, 2L, 1L << 62, 1L << 62)]
    [InlineData(TooLarge, 20, Single, 2L, 0L, 1L << 29)]
    [InlineData(TooLarge, 20, Single, 2L, 1L << 29, 0L)]
    [InlineData(TooLarge, 20, Single, 1L, 1L << 40)]
    public void ForgedHeader_IsRefused(string fault, int content, params long[] numbers)
    {
        using var reader = Of(writer =>
        {
            Array.ForEach(numbers, writer.Write7BitEncodedInt64);
            writer.Write(new byte[content]);
        });
        foreach (long number in numbers[..^1])
        {
            Assert.Equal(number, reader.Read7BitEncodedInt64());
        }

        Assert.Equal(fault, Assert.Throws<FormatException>(() => reader.Read7BitEncodedInt64()).Message);
    }

    [Fact]
    public void TensorThatFillsTheFile_IsAccepted()
    {
        using var reader = Of(writer => Tensor(writer, 24, Single, 2, 3));
        Assert.Equal([Single, 2, 2, 3], Header(reader, 24));
    }

    [Theory]
    [InlineData(new long[] { 0 })]
    [InlineData(new long[] { 3, 0 })]
    [InlineData(new long[] { 0, (1 << 29) - 1 })]
    public void TensorWithoutValues_NeedsNoRoom(long[] sizes)
    {
        using var reader = Of(writer => Tensor(writer, 0, Single, sizes));
        Assert.Equal([Single, sizes.Length, .. sizes], Header(reader, 0));
    }

    [Theory]
    [InlineData(new long[0])]
    [InlineData(new long[] { 0 })]
    [InlineData(new long[] { 2 })]
    [InlineData(new long[] { 1, 2 })]
    public void NextTensor_IsCheckedToo(long[] sizes)
    {
        using var reader = Of(writer =>
        {
            Tensor(writer, 8, Single, sizes);
            writer.Write7BitEncodedInt64(99);
        });
        Header(reader, 8);
        Assert.Equal(Unknown, Assert.Throws<FormatException>(() => reader.Read7BitEncodedInt64()).Message);
    }

    [Fact]
    public void NumberOfMoreThan63Bits_IsRefused_AtItsTenthByte()
    {
        using var reader = Of(writer => writer.Write([.. Enumerable.Repeat((byte)0x80, 12)]));
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(0x80, reader.ReadByte());
        }

        Assert.Equal("a number is too long.", Assert.Throws<FormatException>(() => reader.ReadByte()).Message);
    }

    /// <summary>A reader past the name and the two counts, which are TorchSharp's to check.</summary>
    private static OptimizerStateReader Of(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("Adam");
        writer.Write7BitEncodedInt64(99);
        writer.Write7BitEncodedInt64(1234);
        write(writer);
        var reader = new OptimizerStateReader(stream.ToArray());
        Assert.Equal("Adam", reader.ReadString());
        Assert.Equal(99, reader.Read7BitEncodedInt64());
        Assert.Equal(1234, reader.Read7BitEncodedInt64());
        return reader;
    }

    private static void Tensor(BinaryWriter writer, int content, long type, params long[] sizes)
    {
        writer.Write7BitEncodedInt64(type);
        writer.Write7BitEncodedInt64(sizes.Length);
        Array.ForEach(sizes, writer.Write7BitEncodedInt64);
        writer.Write(new byte[content]);
    }

    private static List<long> Header(OptimizerStateReader reader, int content)
    {
        List<long> numbers = [reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64()];
        for (long dimension = numbers[1]; dimension > 0; dimension--)
        {
            numbers.Add(reader.Read7BitEncodedInt64());
        }

        Assert.Equal(content, reader.ReadBytes(content).Length);
        return numbers;
    }
}

using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Checkpoints;

/// <summary>Which views of a storage are tensors.</summary>
public sealed class TensorReferenceTests
{
    private const long Most = long.MaxValue / sizeof(float);

    [Fact]
    public void Tensor_HasAtMost64Sides()
    {
        long[] sides = [.. Enumerable.Repeat(1L, 64)];
        Assert.Equal(sides, TensorReference.Create(Floats(1), 0, sides, sides).Sides);
        Assert.Contains("which no tensor has", Refused(1, 0, [.. sides, 1], [.. sides, 1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Tensor_HasAtMost2To63Bytes()
    {
        Assert.Equal([Most], TensorReference.Create(Floats(Most), 0, [Most], [1]).Sides);
        Assert.Contains("which is more than 2^63 bytes", Refused(Most, 0, [Most + 1], [1]), StringComparison.Ordinal);
    }

    [Fact]
    public void LastElement_LiesWithinTheStorage()
    {
        Assert.Equal(3, TensorReference.Create(Floats(4), 3, [1], [1]).Offset);
        Assert.Contains("ends outside its storage of 4 elements", Refused(4, 4, [1], [1]), StringComparison.Ordinal);
        Assert.Contains("ends outside its storage", Refused(Most, 1, [Most], [1]), StringComparison.Ordinal);
        Assert.Contains("more than 2^63 bytes", Refused(Most, 2, [Most], [1]), StringComparison.Ordinal);
    }

    private static PickleStorage Floats(long elements) => new("0", ScalarType.Float32, sizeof(float), elements);

    private static string Refused(long elements, long offset, long[] shape, long[] strides) =>
        Assert.Throws<FormatException>(() => TensorReference.Create(Floats(elements), offset, shape, strides)).Message;
}

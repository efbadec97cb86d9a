using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

internal static class TensorAssert
{
    /// <summary>Fails where the largest difference exceeds the tolerance, relative to the largest magnitude expected.</summary>
    public static void Close(Tensor expected, Tensor actual, double relative, string what)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        double scale = Math.Max(expected.abs().max().ToDouble(), 1e-30);
        double difference = (expected.to_type(ScalarType.Float64) - actual.detach().to_type(ScalarType.Float64)).abs().max().ToDouble();
        Assert.True(difference <= relative * scale, $"{what}: differs by {difference:g3} with values up to {scale:g3}");
    }

    public static void Identical(Tensor expected, Tensor actual, string what)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.detach().cpu().contiguous().bytes.SequenceEqual(actual.detach().cpu().contiguous().bytes), $"{what}: not bit-identical");
    }
}

using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

internal static class TensorAssert
{
    /// <summary>Fails where the Euclidean distance exceeds the tolerance times the expected tensor's norm.</summary>
    /// <remarks> By norm, not by element: Adam divides by the gradient's own size, so where a gradient is near its epsilon
    /// (1e-8) the last bit of float32 decides. PyTorch's own float32 weights after three steps are 6.5e-5 of the largest
    /// weight away from its float64 ones at such an element, and 8e-7 away by norm. </remarks>
    public static void Close(Tensor expected, Tensor actual, double relative, string what)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        var exact = expected.detach().to_type(ScalarType.Float64);
        double norm = Math.Max(exact.norm().ToDouble(), 1e-30);
        double distance = (exact - actual.detach().to_type(ScalarType.Float64)).norm().ToDouble();
        Assert.True(distance <= relative * norm, $"{what}: {distance / norm:g3} of its norm away, allowed {relative:g3}");
    }

    public static void Identical(Tensor expected, Tensor actual, string what)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(
            expected.detach().cpu().contiguous().bytes.SequenceEqual(actual.detach().cpu().contiguous().bytes),
            $"{what}: not bit-identical"
        );
    }

    /// <summary>Goes back twice through one graph: the second way adds the same gradients, to the bit.</summary>
    public static void SecondBackwardPassAddsTheSame(Tensor sum, IEnumerable<Parameter> weights)
    {
        sum.backward(retain_graph: true);
        var once = weights.Select(weight => weight.grad!.clone()).ToList();
        sum.backward();
        Assert.All(weights.Zip(once), pair => Identical(pair.Second * 2, pair.First.grad!, "gradient"));
    }
}

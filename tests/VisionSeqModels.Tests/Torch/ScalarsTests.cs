using System.Runtime.CompilerServices;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using Scalar = TorchSharp.Scalar;

namespace VisionSeqModels.Tests.Torch;

/// <summary>Scalars live long enough for libtorch, and arithmetic with them gives the bits of TorchSharp's operators.</summary>
[Collection("Torch")]
public sealed class ScalarsTests
{
    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64, ScalarType.Int64, ScalarType.Float16];

    [Fact]
    public void AScalar_IsHeldByItsThread_UntilItHasMade64More()
    {
        var weak = Made();
        for (int i = 1; i < Scalars.Held; i++)
        {
            _ = Scalars.Of(i);
        }

        Assert.True(IsHeld(weak));
        _ = Scalars.Of(0.5);
        Assert.False(IsHeld(weak));
    }

    [Fact]
    public void AnotherThreadsScalars_LetGoOfNoneOfThisThreads()
    {
        var weak = Made();
        var other = new Thread(() => Enumerable.Range(0, 1000).Select(Scalars.Of).ToList());
        other.Start();
        other.Join();
        Assert.True(IsHeld(weak));
    }

    [Fact]
    public void Integers_StayIntegers()
    {
        Assert.Equal(ScalarType.Int64, Scalars.Of(3).Type);
        Assert.Equal(ScalarType.Int64, Scalars.Of(3L).Type);
        Assert.All(new[] { Scalars.Zero, Scalars.One, Scalars.Two }, number => Assert.Equal(ScalarType.Int64, number.Type));
        Assert.Equal(ScalarType.Float64, Scalars.Of(3.0).Type);
        Assert.Equal(ScalarType.Float64, Scalars.Of(3f).Type);
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Int64, tensor(1L).mul(Scalars.Of(3)).dtype);
        Assert.Equal(ScalarType.Float32, tensor(1L).mul(Scalars.Of(3.0)).dtype);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Arithmetic_HasTheBitsOfTheOperators(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var (x, y) = (Drawn(generator, dtype), Drawn(generator, dtype));
        Same(x + y, x.Plus(y));
        Same(x + 3, x.Plus(Scalars.Of(3)));
        Same(1 - x, x.OneMinus());
        Same(x.square(), x.Square());
        Same(x.clone().add_(y), x.clone().AddInPlace(y));
        Same(x * 2, x.mul(Scalars.Two));
        Same(x / 3, x.div(Scalars.Of(3)));
        Same(arange(7, dtype: dtype), Arithmetic.Arange(7, dtype));
        Same(arange(-2, 5, dtype: dtype), Arithmetic.Range(-2, 5, dtype));
        Assert.Equal(ScalarType.Int64, Arithmetic.Arange(7).dtype);
    }

    [Fact]
    public void Gradients_AreTheSameToo()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var (x, y) = (Drawn(generator, ScalarType.Float32), Drawn(generator, ScalarType.Float32));
        var theirs = GradientOf(x, value => ((1 - value) * y) + value.square() + 3);
        var ours = GradientOf(x, value => (value.OneMinus() * y).Plus(value.Square()).Plus(Scalars.Of(3)));
        Same(theirs, ours);
    }

    private static Tensor GradientOf(Tensor x, Func<Tensor, Tensor> formula)
    {
        var leaf = x.clone().requires_grad_();
        formula(leaf).sum().backward();
        return leaf.grad!;
    }

    private static Tensor Drawn(Generator generator, ScalarType dtype) =>
        randn([40], generator: generator).mul(Scalars.Of(7.0)).to_type(dtype);

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        TensorAssert.Identical(expected, actual, $"{expected.dtype}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Scalar> Made() => new(Scalars.Of(7));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsHeld(WeakReference<Scalar> weak)
    {
        GC.Collect();
        return weak.TryGetTarget(out _);
    }
}

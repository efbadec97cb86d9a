using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>tanh and the logistic function, a vector at a time. The hyperbolic tangent is
/// <c>x P(x²) / Q(x²)</c> with coefficients fitted for the least relative error up to <see cref="Bound"/> (2e-8; with
/// float32's rounding a few units in the last place); beyond it, it is constant.</summary>
internal static unsafe class VectorFunctions
{
    private const float Bound = 9;

    /// <summary>Writes a row several times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Repeat(float* row, int size, float* results, int count)
    {
        for (int i = 0; i < count; i++)
        {
            new ReadOnlySpan<float>(row, size).CopyTo(new Span<float>(results + ((nint)i * size), size));
        }
    }

    /// <summary>Adds values to sums, a whole number of vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTo(float* sums, float* values, int count)
    {
        for (int i = 0; i < count; i += Vector<float>.Count)
        {
            (Vector.Load(sums + i) + Vector.Load(values + i)).Store(sums + i);
        }
    }

    /// <summary>tanh; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Tanh(Vector<float> x)
    {
        x = Vector.Min(Vector.Max(x, Vector.Create(-Bound)), Vector.Create(Bound));
        var y = x * x;
        var p = Vector.FusedMultiplyAdd(y, Vector.Create(1.3354619e-8f), Vector.Create(2.060905e-5f));
        p = Vector.FusedMultiplyAdd(y, p, Vector.Create(3.4955862e-3f));
        p = Vector.FusedMultiplyAdd(y, p, Vector.Create(0.13381024f));
        p = Vector.FusedMultiplyAdd(y, p, Vector<float>.One);
        var q = Vector.FusedMultiplyAdd(y, Vector.Create(7.7765406e-7f), Vector.Create(3.2856316e-4f));
        q = Vector.FusedMultiplyAdd(y, q, Vector.Create(2.5876975e-2f));
        q = Vector.FusedMultiplyAdd(y, q, Vector.Create(0.4671434f));
        q = Vector.FusedMultiplyAdd(y, q, Vector<float>.One);
        return Vector.Min(Vector.Max(x * p / q, -Vector<float>.One), Vector<float>.One);
    }

    /// <summary>The logistic function, <c>(1 + tanh(x / 2)) / 2</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sigmoid(Vector<float> x)
    {
        var half = Vector.Create(0.5f);
        return Vector.FusedMultiplyAdd(half, Tanh(half * x), half);
    }
}

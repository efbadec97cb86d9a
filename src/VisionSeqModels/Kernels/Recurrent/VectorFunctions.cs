using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>tanh and the logistic function, a vector at a time. The hyperbolic tangent is
/// <c>x P(x²) / Q(x²)</c> with coefficients fitted for the least relative error up to <see cref="Bound"/> (2e-8; with
/// float32's rounding a few units in the last place); beyond it, it is constant.</summary>
internal static unsafe class VectorFunctions
{
    private const float Bound = 9;

    // exp of it is 0 in float32
    private const float LeastExponent = -104;

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

    /// <summary>The logistic function: <c>1 / (1 + t)</c> with <c>t = exp(−|x|)</c>, and <c>t</c> times that where x is
    /// negative. Its relative error is below 1e-6 as far as float32 has normal numbers; NaN stays NaN.</summary>
    /// <remarks>½ + ½ tanh(x / 2) would lose all places of a closed gate.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sigmoid(Vector<float> x)
    {
        var t = ExpOfNegative(-Vector.Abs(x));
        var result = Vector<float>.One / (Vector<float>.One + t);
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), t * result, result);
    }

    /// <summary>exp of numbers up to 0, by <c>2ⁿ exp(r)</c> with <c>|r| ≤ ln 2 / 2</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ExpOfNegative(Vector<float> x)
    {
        x = Vector.ConditionalSelect(Vector.LessThan(x, Vector.Create(LeastExponent)), Vector.Create(LeastExponent), x);
        var rounder = Vector.Create(12582912f); // 1.5 · 2²³: a sum with it has n in its lowest bits
        var sum = Vector.FusedMultiplyAdd(x, Vector.Create(1.44269502f), rounder);
        var n = sum - rounder;
        var r = Vector.FusedMultiplyAdd(n, Vector.Create(-0.693359375f), x); // ln 2 in two parts
        r = Vector.FusedMultiplyAdd(n, Vector.Create(2.12194442e-4f), r);
        var p = Vector.FusedMultiplyAdd(r, Vector.Create(1.39261817e-3f), Vector.Create(8.363178e-3f));
        p = Vector.FusedMultiplyAdd(r, p, Vector.Create(4.16665561e-2f));
        p = Vector.FusedMultiplyAdd(r, p, Vector.Create(0.166665763f));
        p = Vector.FusedMultiplyAdd(r, p, Vector.Create(0.5f));
        p = Vector.FusedMultiplyAdd(r * r, p, r) + Vector<float>.One;

        // 2ⁿ in two factors, each a normal number
        var whole = Vector.AsVectorInt32(sum) - Vector.AsVectorInt32(rounder);
        var half = Vector.ShiftRightArithmetic(whole, 1);
        return p * PowerOfTwo(half) * PowerOfTwo(whole - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> PowerOfTwo(Vector<int> n) => Vector.AsVectorSingle(Vector.ShiftLeft(n + Vector.Create(127), 23));
}

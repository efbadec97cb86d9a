using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VisionSeqModels.Kernels;

/// <summary>The wide panels of <see cref="PanelGemm"/> by vectors of 512 bits: four rows of two vectors. Every sum has the same
/// terms in the same order as by narrower vectors, so the bits are the same.</summary>
internal static unsafe class WidePanel512
{
    private const int Lanes = 16;
    private const int Panel = 2 * Lanes;

    /// <summary>Whether the processor is fast at them, and a wide panel is two of them.</summary>
    public static bool IsUsed => Processor.HasWideVectors && 4 * Vector<float>.Count == Panel;

    /// <summary>Adds the products of four rows with a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void MultiplyAdd(float* a, float* b, float* c, float* d, int inputs, float* panel, in Sums into)
    {
        Vector512<float> a0 = Vector512.Load(into.A),
            a1 = Vector512.Load(into.A + Lanes),
            b0 = Vector512.Load(into.B),
            b1 = Vector512.Load(into.B + Lanes),
            c0 = Vector512.Load(into.C),
            c1 = Vector512.Load(into.C + Lanes),
            d0 = Vector512.Load(into.D),
            d1 = Vector512.Load(into.D + Lanes);
        for (int i = 0; i < inputs; i++, panel += Panel)
        {
            Vector512<float> left = Vector512.Load(panel),
                right = Vector512.Load(panel + Lanes);
            Add(ref a0, ref a1, a[i], left, right);
            Add(ref b0, ref b1, b[i], left, right);
            Add(ref c0, ref c1, c[i], left, right);
            Add(ref d0, ref d1, d[i], left, right);
        }

        into.Store(a0, a1, b0, b1, c0, c1, d0, d1);
    }

    /// <summary>Adds the outer products of four columns of rows with a panel's columns of other rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddOuterProducts(
        in RowGroups left,
        int line,
        in RowGroups right,
        int column,
        int rows,
        int groups,
        in Sums into
    )
    {
        Vector512<float> a0 = Vector512.Load(into.A),
            a1 = Vector512.Load(into.A + Lanes),
            b0 = Vector512.Load(into.B),
            b1 = Vector512.Load(into.B + Lanes),
            c0 = Vector512.Load(into.C),
            c1 = Vector512.Load(into.C + Lanes),
            d0 = Vector512.Load(into.D),
            d1 = Vector512.Load(into.D + Lanes);
        nint leftStride = left.Stride,
            rightStride = right.Stride;
        for (int group = 0; group < groups; group++)
        {
            float* from = left.Start + (group * left.GroupStride) + line;
            float* at = right.Start + (group * right.GroupStride) + column;
            for (int row = 0; row < rows; row++, from += leftStride, at += rightStride)
            {
                Vector512<float> first = Vector512.Load(at),
                    second = Vector512.Load(at + Lanes);
                Add(ref a0, ref a1, from[0], first, second);
                Add(ref b0, ref b1, from[1], first, second);
                Add(ref c0, ref c1, from[2], first, second);
                Add(ref d0, ref d1, from[3], first, second);
            }
        }

        into.Store(a0, a1, b0, b1, c0, c1, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        ref Vector512<float> sum,
        ref Vector512<float> next,
        float value,
        Vector512<float> left,
        Vector512<float> right
    )
    {
        var all = Vector512.Create(value);
        sum = Vector512.FusedMultiplyAdd(left, all, sum);
        next = Vector512.FusedMultiplyAdd(right, all, next);
    }

    /// <summary>Where four rows of sums lie.</summary>
    public readonly struct Sums(float* a, float* b, float* c, float* d)
    {
        public float* A { get; } = a;

        public float* B { get; } = b;

        public float* C { get; } = c;

        public float* D { get; } = d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(
            Vector512<float> a0,
            Vector512<float> a1,
            Vector512<float> b0,
            Vector512<float> b1,
            Vector512<float> c0,
            Vector512<float> c1,
            Vector512<float> d0,
            Vector512<float> d1
        )
        {
            a0.Store(A);
            a1.Store(A + Lanes);
            b0.Store(B);
            b1.Store(B + Lanes);
            c0.Store(C);
            c1.Store(C + Lanes);
            d0.Store(D);
            d1.Store(D + Lanes);
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>Six rows times a narrow panel: twelve sums, which with the panel's two vectors and a factor fill the sixteen
/// registers of AVX2. Eight sums, as four rows have, wait for each other. Every sum has the same terms in the same order as
/// with fewer rows, so the bits are the same.</summary>
internal static unsafe class SixRows
{
    public const int Count = 6;

    /// <summary>How many times six rows are taken from so many; the rest fills blocks of four, if it can.</summary>
    public static int Times(int rows) => rows % Count == 2 ? Math.Max(0, (rows / Count) - 1) : rows / Count;

    /// <summary>Adds the products of six rows with a narrow panel to six rows of results.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="inputs">Values of a row.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="results">The first row of results, at the panel's first column.</param>
    /// <param name="outputs">Floats from a row of results to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void MultiplyAdd(float* rows, nint stride, int inputs, float* panel, float* results, nint outputs)
    {
        int l = Vector<float>.Count;
        float* last = results + (3 * outputs);
        Vector<float> a = Vector.Load(results),
            a2 = Vector.Load(results + l),
            b = Vector.Load(results + outputs),
            b2 = Vector.Load(results + outputs + l),
            c = Vector.Load(results + (2 * outputs)),
            c2 = Vector.Load(results + (2 * outputs) + l),
            d = Vector.Load(last),
            d2 = Vector.Load(last + l),
            e = Vector.Load(last + outputs),
            e2 = Vector.Load(last + outputs + l),
            f = Vector.Load(last + (2 * outputs)),
            f2 = Vector.Load(last + (2 * outputs) + l);
        float* lower = rows + (3 * stride);
        for (int i = 0; i < inputs; i++, rows++, lower++, panel += 2 * l)
        {
            Vector<float> left = Vector.Load(panel),
                right = Vector.Load(panel + l);
            var value = Vector.Create(rows[0]);
            a = Vector.FusedMultiplyAdd(left, value, a);
            a2 = Vector.FusedMultiplyAdd(right, value, a2);
            value = Vector.Create(rows[stride]);
            b = Vector.FusedMultiplyAdd(left, value, b);
            b2 = Vector.FusedMultiplyAdd(right, value, b2);
            value = Vector.Create(rows[2 * stride]);
            c = Vector.FusedMultiplyAdd(left, value, c);
            c2 = Vector.FusedMultiplyAdd(right, value, c2);
            value = Vector.Create(lower[0]);
            d = Vector.FusedMultiplyAdd(left, value, d);
            d2 = Vector.FusedMultiplyAdd(right, value, d2);
            value = Vector.Create(lower[stride]);
            e = Vector.FusedMultiplyAdd(left, value, e);
            e2 = Vector.FusedMultiplyAdd(right, value, e2);
            value = Vector.Create(lower[2 * stride]);
            f = Vector.FusedMultiplyAdd(left, value, f);
            f2 = Vector.FusedMultiplyAdd(right, value, f2);
        }

        a.Store(results);
        a2.Store(results + l);
        b.Store(results + outputs);
        b2.Store(results + outputs + l);
        c.Store(results + (2 * outputs));
        c2.Store(results + (2 * outputs) + l);
        d.Store(last);
        d2.Store(last + l);
        e.Store(last + outputs);
        e2.Store(last + outputs + l);
        f.Store(last + (2 * outputs));
        f2.Store(last + (2 * outputs) + l);
    }
}

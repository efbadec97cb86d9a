using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>A single row times a matrix in panels, eight vectors of columns at once. Every sum has the same terms in the same
/// order as with more rows, so the bits are the same.</summary>
internal static unsafe class OneRow
{
    private const int VectorsAtOnce = 8;

    private static int L => Vector<float>.Count;

    /// <summary>Adds to a row of results the product of a row with a matrix.</summary>
    /// <param name="row">The row.</param>
    /// <param name="inputs">Its values.</param>
    /// <param name="panels">The matrix, as <see cref="PanelCut"/> gives it.</param>
    /// <param name="outputs">Columns of the matrix.</param>
    /// <param name="results">The row of results.</param>
    public static void MultiplyAdd(float* row, int inputs, float* panels, int outputs, float* results)
    {
        for (int column = 0; column < outputs; )
        {
            int width = PanelGemm.WidthAt(column, outputs);
            int atOnce = VectorsAtOnce * L / width;
            float* panel = panels + ((nint)column * inputs);
            nint next = (nint)width * inputs; // to the next panel
            bool areAlike =
                column + (atOnce * width) <= outputs && PanelGemm.WidthAt(column + ((atOnce - 1) * width), outputs) == width;
            if (!areAlike)
            {
                AddPanel(row, inputs, panel, width, results + column);
                column += width;
            }
            else
            {
                if (width == PanelGemm.Panel)
                {
                    AddFourNarrow(row, inputs, panel, next, results + column);
                }
                else
                {
                    AddTwoWide(row, inputs, panel, next, results + column);
                }

                column += atOnce * width;
            }
        }
    }

    /// <summary>Four panels of two vectors.</summary>
    /// <param name="row">The row.</param>
    /// <param name="inputs">Its values.</param>
    /// <param name="panel">The first panel.</param>
    /// <param name="next">Floats to the next one.</param>
    /// <param name="results">The results of the first column.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddFourNarrow(float* row, int inputs, float* panel, nint next, float* results)
    {
        var (a, b, c, d) = (Load(results, 0), Load(results, 1), Load(results, 2), Load(results, 3));
        var (e, f, g, h) = (Load(results, 4), Load(results, 5), Load(results, 6), Load(results, 7));
        float* second = panel + next,
            third = second + next,
            fourth = third + next;
        int width = 2 * L;
        for (int i = 0; i < inputs; i++)
        {
            var value = Vector.Create(row[i]);
            a = Vector.FusedMultiplyAdd(Load(panel, 0), value, a);
            b = Vector.FusedMultiplyAdd(Load(panel, 1), value, b);
            c = Vector.FusedMultiplyAdd(Load(second, 0), value, c);
            d = Vector.FusedMultiplyAdd(Load(second, 1), value, d);
            e = Vector.FusedMultiplyAdd(Load(third, 0), value, e);
            f = Vector.FusedMultiplyAdd(Load(third, 1), value, f);
            g = Vector.FusedMultiplyAdd(Load(fourth, 0), value, g);
            h = Vector.FusedMultiplyAdd(Load(fourth, 1), value, h);
            panel += width;
            second += width;
            third += width;
            fourth += width;
        }

        Store(results, a, b, c, d);
        Store(results + (4 * L), e, f, g, h);
    }

    /// <summary>Two panels of four vectors; the parameters are those of <see cref="AddFourNarrow"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddTwoWide(float* row, int inputs, float* panel, nint next, float* results)
    {
        var (a, b, c, d) = (Load(results, 0), Load(results, 1), Load(results, 2), Load(results, 3));
        var (e, f, g, h) = (Load(results, 4), Load(results, 5), Load(results, 6), Load(results, 7));
        float* second = panel + next;
        int width = 4 * L;
        for (int i = 0; i < inputs; i++)
        {
            var value = Vector.Create(row[i]);
            a = Vector.FusedMultiplyAdd(Load(panel, 0), value, a);
            b = Vector.FusedMultiplyAdd(Load(panel, 1), value, b);
            c = Vector.FusedMultiplyAdd(Load(panel, 2), value, c);
            d = Vector.FusedMultiplyAdd(Load(panel, 3), value, d);
            e = Vector.FusedMultiplyAdd(Load(second, 0), value, e);
            f = Vector.FusedMultiplyAdd(Load(second, 1), value, f);
            g = Vector.FusedMultiplyAdd(Load(second, 2), value, g);
            h = Vector.FusedMultiplyAdd(Load(second, 3), value, h);
            panel += width;
            second += width;
        }

        Store(results, a, b, c, d);
        Store(results + (4 * L), e, f, g, h);
    }

    /// <summary>One panel of any whole number of vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddPanel(float* row, int inputs, float* panel, int width, float* results)
    {
        for (int at = 0; at < width; at += 2 * L)
        {
            var (a, b) = (Load(results + at, 0), Load(results + at, 1));
            float* from = panel + at;
            for (int i = 0; i < inputs; i++, from += width)
            {
                var value = Vector.Create(row[i]);
                a = Vector.FusedMultiplyAdd(Load(from, 0), value, a);
                b = Vector.FusedMultiplyAdd(Load(from, 1), value, b);
            }

            a.Store(results + at);
            b.Store(results + at + L);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(float* from, int vector) => Vector.Load(from + (vector * L));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* into, Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d)
    {
        a.Store(into);
        b.Store(into + L);
        c.Store(into + (2 * L));
        d.Store(into + (3 * L));
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>Small matrix products for one thread: rows times a matrix, and the sum of outer products of rows.</summary>
/// <remarks>Columns are taken by panels: four vectors wide where the registers hold the sums of four rows of them, else, and
/// for the rest, two vectors wide. A matrix has a whole number of the narrow panels. Kernels/README.md draws it.</remarks>
internal static unsafe class PanelGemm
{
    /// <summary>Rows that are computed together.</summary>
    public const int Block = 4;

    /// <summary>Columns of a narrow panel: the number of columns is a multiple of it.</summary>
    public static int Panel => 2 * Vector<float>.Count;

    private static int WidePanel => 4 * Vector<float>.Count;

    /// <summary>Columns of the panel that begins at a column.</summary>
    /// <param name="column">The panel's first column.</param>
    /// <param name="outputs">Columns of the matrix.</param>
    public static int WidthAt(int column, int outputs) =>
        VectorBlock4.FourFit && outputs - column >= WidePanel ? WidePanel : Panel;

    /// <summary>Adds to results the product of rows with a matrix.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="inputs">Values of a row.</param>
    /// <param name="panels">The matrix, as <see cref="PanelCut"/> gives it.</param>
    /// <param name="outputs">Columns of the matrix.</param>
    /// <param name="results">The first row of the results, which follow each other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(float* rows, int stride, int count, int inputs, float* panels, int outputs, float* results)
    {
        if (count == 1)
        {
            OneRow.MultiplyAdd(rows, inputs, panels, outputs, results);
            return;
        }

        for (int column = 0, width; column < outputs; column += width)
        {
            width = WidthAt(column, outputs);
            int row = 0;
            if (!VectorBlock4.FourFit)
            {
                for (; row < SixRows.Count * SixRows.Times(count); row += SixRows.Count)
                {
                    SixRows.MultiplyAdd(
                        rows + ((nint)row * stride),
                        stride,
                        inputs,
                        panels + ((nint)column * inputs),
                        results + ((nint)row * outputs) + column,
                        outputs
                    );
                }
            }

            for (; row < count; row += Block)
            {
                var from = new FourRows(rows, stride, row, count);
                var into = new FourRows(results + column, outputs, row, count);
                if (width == WidePanel && WidePanel512.IsUsed)
                {
                    WidePanel512.MultiplyAdd(from.A, from.B, from.C, from.D, inputs, panels + ((nint)column * inputs), into.Sums);
                }
                else if (width == WidePanel)
                {
                    MultiplyAddWide(from, inputs, panels + ((nint)column * inputs), into);
                }
                else
                {
                    MultiplyAddNarrow(from, inputs, panels + ((nint)column * inputs), into);
                }
            }
        }
    }

    /// <summary>Adds <c>leftᵀ right</c> to sums: the outer products of the rows.</summary>
    /// <param name="left">The rows that become lines of the sums; their width is a multiple of <see cref="Block"/>.</param>
    /// <param name="right">The rows that become columns, as many groups of as many rows.</param>
    /// <param name="rows">Rows of a group.</param>
    /// <param name="groups">How many groups there are.</param>
    /// <param name="sums"><c>[left's width, right's width]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddOuterProducts(in RowGroups left, in RowGroups right, int rows, int groups, float* sums)
    {
        for (int column = 0, width; column < right.Width; column += width)
        {
            width = WidthAt(column, right.Width);
            for (int line = 0; line < left.Width; line += Block)
            {
                var into = new FourRows(sums + column, right.Width, line, left.Width);
                if (width == WidePanel && WidePanel512.IsUsed)
                {
                    WidePanel512.AddOuterProducts(left, line, right, column, rows, groups, into.Sums);
                }
                else if (width == WidePanel)
                {
                    AddOuterProductsWide(left, line, right, column, rows, groups, into);
                }
                else
                {
                    AddOuterProductsNarrow(left, line, right, column, rows, groups, into);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyAddWide(in FourRows from, int inputs, float* panel, in FourRows into)
    {
        VectorBlock4 a = into.Load(0),
            b = into.Load(1),
            c = into.Load(2),
            d = into.Load(3);
        float* fromA = from.A,
            fromB = from.B,
            fromC = from.C,
            fromD = from.D;
        for (int i = 0; i < inputs; i++, panel += WidePanel)
        {
            var values = new VectorBlock4
            {
                A = Vector.Create(fromA[i]),
                B = Vector.Create(fromB[i]),
                C = Vector.Create(fromC[i]),
                D = Vector.Create(fromD[i]),
            };
            a.Add(Vector.Load(panel), values);
            b.Add(Vector.Load(panel + Vector<float>.Count), values);
            c.Add(Vector.Load(panel + (2 * Vector<float>.Count)), values);
            d.Add(Vector.Load(panel + (3 * Vector<float>.Count)), values);
        }

        into.Store(a, 0);
        into.Store(b, 1);
        into.Store(c, 2);
        into.Store(d, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MultiplyAddNarrow(in FourRows from, int inputs, float* panel, in FourRows into)
    {
        VectorBlock4 a = into.Load(0),
            b = into.Load(1);
        float* fromA = from.A,
            fromB = from.B,
            fromC = from.C,
            fromD = from.D;
        for (int i = 0; i < inputs; i++, panel += Panel)
        {
            var values = new VectorBlock4
            {
                A = Vector.Create(fromA[i]),
                B = Vector.Create(fromB[i]),
                C = Vector.Create(fromC[i]),
                D = Vector.Create(fromD[i]),
            };
            a.Add(Vector.Load(panel), values);
            b.Add(Vector.Load(panel + Vector<float>.Count), values);
        }

        into.Store(a, 0);
        into.Store(b, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddOuterProductsWide(
        in RowGroups left,
        int line,
        in RowGroups right,
        int column,
        int rows,
        int groups,
        in FourRows into
    )
    {
        VectorBlock4 a = into.Load(0),
            b = into.Load(1),
            c = into.Load(2),
            d = into.Load(3);
        nint leftStride = left.Stride,
            rightStride = right.Stride;
        for (int group = 0; group < groups; group++)
        {
            float* from = left.Start + (group * left.GroupStride) + line;
            float* at = right.Start + (group * right.GroupStride) + column;
            for (int row = 0; row < rows; row++, from += leftStride, at += rightStride)
            {
                var values = new VectorBlock4
                {
                    A = Vector.Create(from[0]),
                    B = Vector.Create(from[1]),
                    C = Vector.Create(from[2]),
                    D = Vector.Create(from[3]),
                };
                a.Add(Vector.Load(at), values);
                b.Add(Vector.Load(at + Vector<float>.Count), values);
                c.Add(Vector.Load(at + (2 * Vector<float>.Count)), values);
                d.Add(Vector.Load(at + (3 * Vector<float>.Count)), values);
            }
        }

        into.Store(a, 0);
        into.Store(b, 1);
        into.Store(c, 2);
        into.Store(d, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddOuterProductsNarrow(
        in RowGroups left,
        int line,
        in RowGroups right,
        int column,
        int rows,
        int groups,
        in FourRows into
    )
    {
        VectorBlock4 a = into.Load(0),
            b = into.Load(1);
        nint leftStride = left.Stride,
            rightStride = right.Stride;
        for (int group = 0; group < groups; group++)
        {
            float* from = left.Start + (group * left.GroupStride) + line;
            float* at = right.Start + (group * right.GroupStride) + column;
            for (int row = 0; row < rows; row++, from += leftStride, at += rightStride)
            {
                var values = new VectorBlock4
                {
                    A = Vector.Create(from[0]),
                    B = Vector.Create(from[1]),
                    C = Vector.Create(from[2]),
                    D = Vector.Create(from[3]),
                };
                a.Add(Vector.Load(at), values);
                b.Add(Vector.Load(at + Vector<float>.Count), values);
            }
        }

        into.Store(a, 0);
        into.Store(b, 1);
    }

    /// <summary>Four rows that are computed at once; the last row repeats in place of those beyond it.</summary>
    private readonly struct FourRows(float* rows, int stride, int first, int count)
    {
        public float* A { get; } = rows + ((nint)first * stride);

        public float* B { get; } = rows + ((nint)Math.Min(first + 1, count - 1) * stride);

        public float* C { get; } = rows + ((nint)Math.Min(first + 2, count - 1) * stride);

        public float* D { get; } = rows + ((nint)Math.Min(first + 3, count - 1) * stride);

        public WidePanel512.Sums Sums => new(A, B, C, D);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public VectorBlock4 Load(int vector)
        {
            int at = vector * Vector<float>.Count;
            return new()
            {
                A = Vector.Load(A + at),
                B = Vector.Load(B + at),
                C = Vector.Load(C + at),
                D = Vector.Load(D + at),
            };
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(in VectorBlock4 values, int vector)
        {
            int at = vector * Vector<float>.Count;
            values.A.Store(A + at);
            values.B.Store(B + at);
            values.C.Store(C + at);
            values.D.Store(D + at);
        }
    }
}

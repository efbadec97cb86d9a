using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>
/// Products of some rows with a matrix, or with other rows, small enough that one thread does them while it has them in its cache. Four values times two vectors at once keep eight sums in registers.
/// Widths are whole panels of two vectors.
/// </summary>
internal static unsafe class RowProduct
{
    /// <summary>Rows that are computed together.</summary>
    public const int Block = 4;

    /// <summary>Columns that are computed together.</summary>
    public static int PanelWidth => 2 * Vector<float>.Count;

    /// <summary>A number of columns, filled up to whole panels.</summary>
    public static int WholePanels(int columns) => (columns + PanelWidth - 1) / PanelWidth * PanelWidth;

    /// <summary>A matrix <c>[inputs, outputs]</c> cut into panels, <c>[panels, inputs, width]</c>; it belongs to the current dispose scope.</summary>
    public static Tensor Panels(Tensor matrix) => matrix.unflatten(1, [-1, PanelWidth]).transpose(0, 1).contiguous();

    /// <summary>Multiplies rows with a matrix.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="inputs">Values of a row.</param>
    /// <param name="panels">The matrix, as <see cref="Panels"/> gives it.</param>
    /// <param name="outputs">Columns of the matrix.</param>
    /// <param name="results">The first row of the results, which follow each other.</param>
    /// <param name="start">What the products are added to: one row for all; where it is null, what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* rows, int stride, int count, int inputs, float* panels, int outputs, float* results, float* start)
    {
        for (int column = 0; column < outputs; column += PanelWidth)
        {
            float* panel = panels + ((nint)column * inputs);
            for (int row = 0; row < count; row += Block)
            {
                // The last rows are computed several times rather than in a loop of their own.
                int b = Math.Min(row + 1, count - 1);
                int c = Math.Min(row + 2, count - 1);
                int d = Math.Min(row + 3, count - 1);
                float* intoA = results + (row * outputs) + column;
                float* intoB = results + (b * outputs) + column;
                float* intoC = results + (c * outputs) + column;
                float* intoD = results + (d * outputs) + column;
                var left = start is null ? Load(intoA, intoB, intoC, intoD) : Quad.All(Vector.Load(start + column));
                var right = start is null ? Load(intoA + Vector<float>.Count, intoB + Vector<float>.Count, intoC + Vector<float>.Count, intoD + Vector<float>.Count) : Quad.All(Vector.Load(start + column + Vector<float>.Count));
                float* fromA = rows + (row * stride);
                float* fromB = rows + (b * stride);
                float* fromC = rows + (c * stride);
                float* fromD = rows + (d * stride);
                for (int i = 0; i < inputs; i++)
                {
                    var values = new Quad { A = Vector.Create(fromA[i]), B = Vector.Create(fromB[i]), C = Vector.Create(fromC[i]), D = Vector.Create(fromD[i]) };
                    left.Add(Vector.Load(panel + (i * PanelWidth)), values);
                    right.Add(Vector.Load(panel + (i * PanelWidth) + Vector<float>.Count), values);
                }

                Store(left, intoA, intoB, intoC, intoD);
                Store(right, intoA + Vector<float>.Count, intoB + Vector<float>.Count, intoC + Vector<float>.Count, intoD + Vector<float>.Count);
            }
        }
    }

    /// <summary>Adds the products of rows' values with other rows' values, summed over all rows: <c>leftᵀ right</c>. Rows come in groups that lie apart.</summary>
    /// <param name="left">The first group of one side.</param>
    /// <param name="right">The first group of the other, as many of as many rows.</param>
    /// <param name="rows">Rows of a group.</param>
    /// <param name="groups">How many there are.</param>
    /// <param name="sums"><c>[left's width, right's width]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddOuter(in RowGroups left, in RowGroups right, int rows, int groups, float* sums)
    {
        for (int line = 0; line < left.Width; line += Block)
        {
            for (int column = 0; column < right.Width; column += PanelWidth)
            {
                float* into = sums + (line * right.Width) + column;
                float* into2 = into + Vector<float>.Count;
                int width = right.Width;
                var first = Load(into, into + width, into + (2 * width), into + (3 * width));
                var second = Load(into2, into2 + width, into2 + (2 * width), into2 + (3 * width));
                for (int group = 0; group < groups; group++)
                {
                    float* a = left.Start + (group * left.GroupStride) + line;
                    float* b = right.Start + (group * right.GroupStride) + column;
                    for (int row = 0; row < rows; row++, a += left.Stride, b += right.Stride)
                    {
                        var values = new Quad { A = Vector.Create(a[0]), B = Vector.Create(a[1]), C = Vector.Create(a[2]), D = Vector.Create(a[3]) };
                        first.Add(Vector.Load(b), values);
                        second.Add(Vector.Load(b + Vector<float>.Count), values);
                    }
                }

                Store(first, into, into + width, into + (2 * width), into + (3 * width));
                Store(second, into2, into2 + width, into2 + (2 * width), into2 + (3 * width));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Load(float* a, float* b, float* c, float* d) => new() { A = Vector.Load(a), B = Vector.Load(b), C = Vector.Load(c), D = Vector.Load(d) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Quad values, float* a, float* b, float* c, float* d)
    {
        values.A.Store(a);
        values.B.Store(b);
        values.C.Store(c);
        values.D.Store(d);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>
/// Products of some rows with a matrix, small enough that one thread does them while it has the rows in its cache. The matrix is cut into panels of two vectors' width, <c>[panels, inputs, width]</c>; four
/// rows times two vectors at once keep eight sums in registers.
/// </summary>
internal static unsafe class RowProduct
{
    /// <summary>Rows that are computed together.</summary>
    public const int Rows = 4;

    /// <summary>Columns of a panel; a matrix has a whole number of them.</summary>
    public static int PanelWidth => 2 * Vector<float>.Count;

    /// <summary>The panels of a matrix <c>[inputs, outputs]</c>; they belong to the current dispose scope.</summary>
    public static Tensor Panels(Tensor matrix) => matrix.unflatten(1, [-1, PanelWidth]).transpose(0, 1).contiguous();

    /// <summary>Multiplies rows.</summary>
    /// <param name="rows">The first row, <paramref name="inputs"/> floats each.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="inputs">Rows of the matrix.</param>
    /// <param name="panels">The matrix.</param>
    /// <param name="outputs">Columns of the matrix.</param>
    /// <param name="results">The first row of the results, <paramref name="outputs"/> floats each.</param>
    /// <param name="add">Whether to add to what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* rows, int count, int inputs, float* panels, int outputs, float* results, bool add)
    {
        for (int column = 0; column < outputs; column += PanelWidth)
        {
            float* panel = panels + ((nint)column * inputs);
            for (int row = 0; row < count; row += Rows)
            {
                // The last rows are computed several times rather than in another loop.
                int b = Math.Min(row + 1, count - 1);
                int c = Math.Min(row + 2, count - 1);
                int d = Math.Min(row + 3, count - 1);
                float* intoA = results + (row * outputs) + column;
                float* intoB = results + (b * outputs) + column;
                float* intoC = results + (c * outputs) + column;
                float* intoD = results + (d * outputs) + column;
                var left = add ? Load(intoA, intoB, intoC, intoD) : default;
                var right = add ? Load(intoA + Vector<float>.Count, intoB + Vector<float>.Count, intoC + Vector<float>.Count, intoD + Vector<float>.Count) : default;
                float* fromA = rows + (row * inputs);
                float* fromB = rows + (b * inputs);
                float* fromC = rows + (c * inputs);
                float* fromD = rows + (d * inputs);
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

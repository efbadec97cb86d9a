using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>Cuts weights into the panels of <see cref="PanelGemm"/>, on the calling thread.</summary>
internal static unsafe class PanelCut
{
    /// <summary>The panels of a matrix; they belong to the current dispose scope.</summary>
    /// <param name="matrix"><c>[inputs, outputs]</c>, contiguous, float32, on the CPU.</param>
    public static Tensor Of(Tensor matrix) => Cut(matrix, matrix.size(0), matrix.size(1), Whole);

    /// <summary>The panels of a transposed matrix.</summary>
    /// <param name="matrix"><c>[outputs, inputs]</c>, contiguous, float32, on the CPU.</param>
    public static Tensor OfTransposed(Tensor matrix) => Cut(matrix, matrix.size(1), matrix.size(0), Transposed);

    /// <summary>Writes one panel.</summary>
    /// <param name="from">The matrix.</param>
    /// <param name="inputs">Rows of the panel.</param>
    /// <param name="outputs">Columns of the whole matrix.</param>
    /// <param name="column">The panel's first column.</param>
    /// <param name="width">Columns of the panel.</param>
    /// <param name="to">Where it is written, row by row.</param>
    private delegate void Cutter(float* from, int inputs, int outputs, int column, int width, float* to);

    private static Tensor Cut(Tensor matrix, long inputs, long outputs, Cutter cut)
    {
        FaultInjection.Pass(TensorMemory.Memory);
        var panels = TensorMemory.Empty(inputs * outputs);
        float* from = TensorMemory.Pointer(matrix, inputs * outputs);
        float* to = TensorMemory.Pointer(panels, inputs * outputs);
        for (int column = 0, width; column < outputs; column += width)
        {
            width = PanelGemm.WidthAt(column, (int)outputs);
            cut(from, (int)inputs, (int)outputs, column, width, to + ((nint)column * (nint)inputs));
        }

        GC.KeepAlive(matrix);
        return panels;
    }

    private static void Whole(float* from, int inputs, int outputs, int column, int width, float* to)
    {
        for (int i = 0; i < inputs; i++)
        {
            new ReadOnlySpan<float>(from + ((nint)i * outputs) + column, width).CopyTo(
                new Span<float>(to + ((nint)i * width), width)
            );
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(float* from, int inputs, int outputs, int column, int width, float* to)
    {
        for (int j = 0; j < width; j += 4)
        {
            float* a = from + ((nint)(column + j) * inputs),
                b = a + inputs,
                c = b + inputs,
                d = c + inputs;
            float* into = to + j;
            for (int i = 0; i < inputs; i++, into += width)
            {
                Vector128.Create(a[i], b[i], c[i], d[i]).Store(into);
            }
        }
    }
}

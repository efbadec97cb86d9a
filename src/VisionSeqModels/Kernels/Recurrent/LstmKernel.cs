using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>Long short-term memory: <c>i, f, o = σ(x + h)</c> and <c>g = tanh(x + h)</c> with each gate's input projection
/// <c>x</c> and hidden projection <c>h</c>; <c>c' = f c + i g</c>, <c>h' = o tanh(c')</c>. Saves <c>c</c>. Hochreiter and
/// Schmidhuber (1997), with the forget gate of Gers et al. (2000).</summary>
internal sealed unsafe class LstmKernel : RecurrentKernel
{
    public override int Gates => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Step(in RecurrentRow row)
    {
        int units = row.Units;
        for (int j = 0; j < units; j += Vector<float>.Count)
        {
            float* gate = row.Gate + j;
            var input = VectorFunctions.Sigmoid(Vector.Load(gate));
            var forget = VectorFunctions.Sigmoid(Vector.Load(gate + units));
            var candidate = VectorFunctions.Tanh(Vector.Load(gate + (2 * units)));
            var output = VectorFunctions.Sigmoid(Vector.Load(gate + (3 * units)));
            var cell = Vector.FusedMultiplyAdd(forget, Vector.Load(row.PreviousMemory + j), input * candidate);
            input.Store(gate);
            forget.Store(gate + units);
            candidate.Store(gate + (2 * units));
            output.Store(gate + (3 * units));
            cell.Store(row.Memory + j);
            (output * VectorFunctions.Tanh(cell)).Store(row.State + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void StepBackward(in RecurrentRow row)
    {
        int units = row.Units;
        for (int j = 0; j < units; j += Vector<float>.Count)
        {
            float* gate = row.Gate + j;
            float* result = row.InputProjectionGradient + j;
            var (input, forget, candidate, output) = (
                Vector.Load(gate),
                Vector.Load(gate + units),
                Vector.Load(gate + (2 * units)),
                Vector.Load(gate + (3 * units))
            );
            var squashed = VectorFunctions.Tanh(Vector.Load(row.Memory + j));
            var gradient = Vector.Load(row.StateGradient + j);
            var ofCell = Vector.FusedMultiplyAdd(
                gradient * output,
                Vector<float>.One - (squashed * squashed),
                Vector.Load(row.MemoryGradient + j)
            );
            (ofCell * candidate * input * (Vector<float>.One - input)).Store(result);
            (ofCell * Vector.Load(row.PreviousMemory + j) * forget * (Vector<float>.One - forget)).Store(result + units);
            (ofCell * input * (Vector<float>.One - (candidate * candidate))).Store(result + (2 * units));
            (gradient * squashed * output * (Vector<float>.One - output)).Store(result + (3 * units));
            (ofCell * forget).Store(row.MemoryGradient + j);
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>The vanilla network: <c>h' = f(x + h)</c> with the input projection <c>x</c>, the hidden projection <c>h</c>, and
/// tanh or ReLU as <c>f</c>. Its one gate is the hidden state.</summary>
internal sealed unsafe class RnnKernel(bool isRelu) : RecurrentKernel
{
    public override int Gates => 1;

    public override bool StateIsGate => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Step(in RecurrentRow row)
    {
        for (int j = 0; j < row.Units; j += Vector<float>.Count)
        {
            var sum = Vector.Load(row.State + j);
            (isRelu ? Vector.Max(sum, Vector<float>.Zero) : VectorFunctions.Tanh(sum)).Store(row.State + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void StepBackward(in RecurrentRow row)
    {
        for (int j = 0; j < row.Units; j += Vector<float>.Count)
        {
            var state = Vector.Load(row.State + j);
            var gradient = Vector.Load(row.StateGradient + j);
            var result = isRelu
                ? Vector.ConditionalSelect(Vector.GreaterThan(state, Vector<float>.Zero), gradient, Vector<float>.Zero)
                : gradient * (Vector<float>.One - (state * state));
            result.Store(row.InputProjectionGradient + j);
        }
    }
}

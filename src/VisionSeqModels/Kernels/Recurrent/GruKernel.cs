using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionSeqModels.Kernels;

/// <summary>The gated recurrent unit as PyTorch has it: <c>r = σ(x_r + h_r)</c>, <c>z = σ(x_z + h_z)</c>,
/// <c>n = tanh(x_n + r h_n)</c>, <c>h' = n + z (h − n)</c>, with the input
/// projections <c>x_</c> and the hidden projections <c>h_</c>. Saves <c>h_n</c>. Cho et al. (2014).</summary>
internal sealed unsafe class GruKernel : RecurrentKernel
{
    public override int Gates => 3;

    public override bool SeparatesHiddenProjection => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Step(in RecurrentRow row)
    {
        for (
            int j = 0, update = row.Units, candidate = 2 * row.Units;
            j < row.Units;
            j += Vector<float>.Count, update += Vector<float>.Count, candidate += Vector<float>.Count
        )
        {
            var r = VectorFunctions.Sigmoid(Vector.Load(row.Gate + j) + Vector.Load(row.HiddenProjection + j));
            var z = VectorFunctions.Sigmoid(Vector.Load(row.Gate + update) + Vector.Load(row.HiddenProjection + update));
            var proposal = Vector.Load(row.HiddenProjection + candidate);
            var n = VectorFunctions.Tanh(Vector.Load(row.Gate + candidate) + (r * proposal));
            r.Store(row.Gate + j);
            z.Store(row.Gate + update);
            n.Store(row.Gate + candidate);
            proposal.Store(row.Memory + j);
            (n + (z * (Vector.Load(row.PreviousState + j) - n))).Store(row.State + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void StepBackward(in RecurrentRow row)
    {
        for (
            int j = 0, update = row.Units, candidate = 2 * row.Units;
            j < row.Units;
            j += Vector<float>.Count, update += Vector<float>.Count, candidate += Vector<float>.Count
        )
        {
            var (r, z, n) = (Vector.Load(row.Gate + j), Vector.Load(row.Gate + update), Vector.Load(row.Gate + candidate));
            var gradient = Vector.Load(row.StateGradient + j);
            var ofCandidate = gradient * (Vector<float>.One - z) * (Vector<float>.One - (n * n));
            var ofReset = ofCandidate * Vector.Load(row.Memory + j) * r * (Vector<float>.One - r);
            var ofUpdate = gradient * (Vector.Load(row.PreviousState + j) - n) * z * (Vector<float>.One - z);
            ofReset.Store(row.InputProjectionGradient + j);
            ofUpdate.Store(row.InputProjectionGradient + update);
            ofCandidate.Store(row.InputProjectionGradient + candidate);
            ofReset.Store(row.HiddenProjectionGradient + j);
            ofUpdate.Store(row.HiddenProjectionGradient + update);
            (ofCandidate * r).Store(row.HiddenProjectionGradient + candidate);
            (gradient * z).Store(row.StateGradient + j);
        }
    }
}

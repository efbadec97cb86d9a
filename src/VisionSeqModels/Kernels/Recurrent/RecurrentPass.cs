using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>One recurrent layer over a batch of sequences: what the forward pass saves for the backward pass.</summary>
/// <remarks>Each of libtorch's threads takes sequences of its own through all steps and back. So no step waits for another
/// thread, and no thread reads what another wrote. A thread's values lie together
/// (<see cref="RecurrentLayout.Offset"/>), because cores prefetch what lies next to what they read.</remarks>
/// <param name="Steps">The sequence, <c>[time, batch, features]</c>, features padded to whole panels with zeros.</param>
/// <param name="Gates">The gates, <c>[time, batch, gates × hidden]</c>.</param>
/// <param name="States">The hidden states, <c>[time, batch, hidden]</c>; the gates' memory where the kernel says
/// so.</param>
/// <param name="Memory">What else the kernel saves, <c>[time, batch, hidden]</c>; the gates' memory where it saves
/// nothing.</param>
/// <param name="Threads">How many threads work on the sequences.</param>
internal sealed record RecurrentPass(Tensor Steps, Tensor Gates, Tensor States, Tensor Memory, int Threads)
{
    /// <summary>Runs the layer from states of zero; results belong to the current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>, float32, on the CPU.</param>
    /// <param name="weights"><c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>.</param>
    /// <param name="lastOnly">Whether only the last state is needed.</param>
    /// <returns>The pass, and the states <c>[batch, time, hidden]</c>, or the last one <c>[batch, hidden]</c>.</returns>
    public static (RecurrentPass Pass, Tensor Output) Forward(
        RecurrentKernel kernel,
        Tensor sequence,
        Tensor[] weights,
        bool lastOnly
    )
    {
        var (batch, time, units) = (sequence.size(0), sequence.size(1), weights[1].size(1));
        var steps = empty(time, batch, PanelGemm.WholePanels((int)sequence.size(2)));
        var gates = empty(time, batch, kernel.Gates * units);
        int threads = OpenMP.Threads(Blocks((int)batch));
        var pass = kernel.StateIsGate
            ? new RecurrentPass(steps, gates, gates, gates, threads)
            : new RecurrentPass(steps, gates, empty(time, batch, units), empty(time, batch, units), threads);
        var forward = new RecurrentForward(kernel, pass, weights, sequence.contiguous());
        forward.Run();
        return (pass, forward.Output(lastOnly));
    }

    /// <summary>Blocks of sequences; a block is multiplied at once.</summary>
    public static int Blocks(int batch) => (batch + PanelGemm.Block - 1) / PanelGemm.Block;

    /// <summary>The gradients of the sequence (null unless it is asked for) and of the four weights; they belong to the
    /// current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="gradient">The gradient of <see cref="Forward"/>'s output.</param>
    /// <param name="weights">The weights that <see cref="Forward"/> had.</param>
    /// <param name="wantsSequenceGradient">Whether the sequence's gradient is needed.</param>
    public Tensor?[] Backward(RecurrentKernel kernel, Tensor gradient, Tensor[] weights, bool wantsSequenceGradient)
    {
        bool ofAll = gradient.dim() == 3;
        var last = (ofAll ? gradient.select(1, -1) : gradient).contiguous();
        var outputGradients = ofAll ? gradient.transpose(0, 1).contiguous() : null;
        return new RecurrentBackward(kernel, this, weights, last, outputGradients, wantsSequenceGradient).Run();
    }
}

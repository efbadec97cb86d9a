using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary> One recurrent layer over a batch of sequences, time first. Each of libtorch's threads takes sequences of its
/// own from the first step to the last and back, so that no step waits for another thread and what one thread wrote is not
/// read by another. What belongs to a thread's sequences lies together (<see cref="RecurrentLayout.At"/>): side by side at
/// each step, processors would fetch each other's values in advance. </summary>
/// <param name="Steps">The sequence, <c>[time, batch, features]</c>, features filled up to whole panels with zeros.</param>
/// <param name="Gates">What the gates were, <c>[time, batch, gates × hidden]</c>.</param>
/// <param name="States">What the layer gave, <c>[time, batch, hidden]</c>; the gates themselves where the kernel says so.</param>
/// <param name="Memory">What the kernel keeps besides, <c>[time, batch, hidden]</c>; the gates themselves where it keeps
/// nothing.</param>
/// <param name="Threads">How many threads share the sequences.</param>
internal sealed record RecurrentPass(Tensor Steps, Tensor Gates, Tensor States, Tensor Memory, int Threads)
{
    /// <summary>Runs the layer from states of zero; results belong to the current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>, float32, on the CPU.</param>
    /// <param name="weights"><c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>.</param>
    /// <param name="lastOnly">Whether the last state alone is wanted.</param>
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

    /// <summary>Blocks of sequences that are multiplied at once.</summary>
    public static int Blocks(int batch) => (batch + PanelGemm.Block - 1) / PanelGemm.Block;

    /// <summary>The gradients of the sequence (null unless it is asked for) and of the four weights; they belong to the
    /// current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="gradient">Of what <see cref="Forward"/> gave out.</param>
    /// <param name="weights">What <see cref="Forward"/> had.</param>
    /// <param name="ofSequence">Whether the sequence's is asked for.</param>
    public Tensor?[] Backward(RecurrentKernel kernel, Tensor gradient, Tensor[] weights, bool ofSequence)
    {
        bool ofAll = gradient.dim() == 3;
        var last = (ofAll ? gradient.select(1, -1) : gradient).contiguous();
        var outside = ofAll ? gradient.transpose(0, 1).contiguous() : null;
        return new RecurrentBackward(kernel, this, weights, last, outside, ofSequence).Run();
    }
}

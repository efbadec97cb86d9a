using VisionSeqModels.Runtime;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>
/// One recurrent layer over a batch of sequences, time first. Each of libtorch's threads takes sequences of its own from the first step to the last and back, so that no step waits for another thread and
/// what one thread wrote is not read by another. The small operations before and after are the calling thread's alone: it has the weights in its cache.
/// </summary>
/// <param name="Steps">The sequence, <c>[time, batch, features]</c>, features filled up to whole panels with zeros.</param>
/// <param name="Gates">What the gates were, <c>[time, batch, gates × hidden]</c>.</param>
/// <param name="States">What the layer gave, <c>[time, batch, hidden]</c>; the gates themselves where the kernel says so.</param>
/// <param name="Memory">What the kernel keeps besides, <c>[time, batch, hidden]</c>; the gates themselves where it keeps nothing.</param>
internal sealed record RecurrentPass(Tensor Steps, Tensor Gates, Tensor States, Tensor Memory)
{
    /// <summary>Runs the layer from states of zero; results belong to the current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>, float32, on the CPU.</param>
    /// <param name="weights"><c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>.</param>
    public static RecurrentPass Forward(RecurrentKernel kernel, Tensor sequence, Tensor[] weights)
    {
        using var one = new ThreadCount(1);
        var (batch, time, units) = (sequence.size(0), sequence.size(1), weights[1].size(1));
        var gates = empty(time, batch, kernel.Gates * units);
        var pass = kernel.StateIsGate
            ? new RecurrentPass(Padded(sequence), gates, gates, gates)
            : new RecurrentPass(Padded(sequence), gates, empty(time, batch, units), empty(time, batch, units));
        new RecurrentForward(kernel, pass, weights, one.Before).Run();
        return pass;
    }

    /// <summary>States <c>[batch, time, hidden]</c>, or the last one <c>[batch, hidden]</c>.</summary>
    public Tensor Output(bool lastOnly) => lastOnly ? States[-1].clone() : States.transpose(0, 1);

    /// <summary>The gradients of the sequence (null unless it is asked for) and of the four weights; they belong to the current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="gradient">Of <see cref="Output"/>.</param>
    /// <param name="weights">What <see cref="Forward"/> had.</param>
    /// <param name="ofSequence">Whether the sequence's is asked for.</param>
    public Tensor?[] Backward(RecurrentKernel kernel, Tensor gradient, Tensor[] weights, bool ofSequence)
    {
        using var one = new ThreadCount(1);
        bool ofAll = gradient.dim() == 3;
        using var current = (ofAll ? gradient.select(1, -1) : gradient).contiguous().clone();
        var outside = ofAll ? gradient.transpose(0, 1).contiguous() : null;
        return new RecurrentBackward(kernel, this, weights, current, outside, ofSequence, one.Before).Run();
    }

    /// <summary>Time first, and features filled up with zeros.</summary>
    private static Tensor Padded(Tensor sequence)
    {
        int features = (int)sequence.size(2);
        int width = RowProduct.WholePanels(features);
        var steps = width == features ? empty(sequence.size(1), sequence.size(0), width) : zeros(sequence.size(1), sequence.size(0), width);
        steps.narrow(2, 0, features).copy_(sequence.transpose(0, 1));
        return steps;
    }
}

using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>One recurrent layer over a batch of sequences, forward and backward.</summary>
internal static class RecurrentPass
{
    /// <summary>Runs the layer from states of zero; results belong to the current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>, float32, on the CPU.</param>
    /// <param name="weights"><c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>.</param>
    /// <param name="lastOnly">Whether only the last state is needed.</param>
    /// <returns>What the backward pass needs, and the states <c>[batch, time, hidden]</c>, or the last one
    /// <c>[batch, hidden]</c>.</returns>
    public static (RecurrentValues Values, Tensor Output) Forward(
        RecurrentKernel kernel,
        Tensor sequence,
        Tensor[] weights,
        bool lastOnly
    )
    {
        var (batch, time, units) = (sequence.size(0), sequence.size(1), weights[1].size(1));
        var sizes = new RecurrentSizes(kernel, batch, time, sequence.size(2), units);
        var steps = TensorMemory.Empty(time, batch, sizes.PaddedFeatures);
        var gates = TensorMemory.Empty(time, batch, sizes.Gates);
        int threads = OpenMP.Threads(sizes.Blocks);
        var values = kernel.StateIsGate
            ? new RecurrentValues(steps, gates, gates, gates, threads)
            : new RecurrentValues(
                steps,
                gates,
                TensorMemory.Empty(time, batch, units),
                TensorMemory.Empty(time, batch, units),
                threads
            );
        var forward = new RecurrentForward(kernel, values, weights, sequence.contiguous());
        forward.Run();
        return (values, forward.Output(lastOnly));
    }

    /// <summary>The gradients of the sequence (null unless it is asked for) and of the four weights; they belong to the
    /// current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="values">What <see cref="Forward"/> saved.</param>
    /// <param name="gradient">The gradient of <see cref="Forward"/>'s output.</param>
    /// <param name="weights">The weights that <see cref="Forward"/> had.</param>
    /// <param name="wantsSequenceGradient">Whether the sequence's gradient is needed.</param>
    public static Tensor?[] Backward(
        RecurrentKernel kernel,
        RecurrentValues values,
        Tensor gradient,
        Tensor[] weights,
        bool wantsSequenceGradient
    )
    {
        bool ofAll = gradient.dim() == 3;
        var last = (ofAll ? gradient.select(1, -1) : gradient).contiguous();
        var outputGradients = ofAll ? gradient.transpose(0, 1).contiguous() : null;
        return new RecurrentBackward(kernel, values, weights, last, outputGradients, wantsSequenceGradient).Run();
    }
}

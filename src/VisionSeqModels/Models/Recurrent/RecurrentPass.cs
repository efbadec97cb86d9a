using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>One recurrent layer over a batch of sequences, time first: the input's share of all steps is one product before the loop, and the weights' gradients are one after it.</summary>
/// <param name="Steps">The sequence, <c>[time, batch, features]</c>.</param>
/// <param name="States">What the layer gave, <c>[time, batch, hidden]</c>.</param>
/// <param name="Saved">What the kernel wants on the way back.</param>
internal sealed record RecurrentPass(Tensor Steps, Tensor States, Tensor[] Saved)
{
    /// <summary>Runs the layer from states of zero; results belong to the current dispose scope.</summary>
    /// <param name="kernel">The kind of layer.</param>
    /// <param name="sequence"><c>[batch, time, features]</c>, float32, on the CPU.</param>
    /// <param name="weights"><c>weight_ih</c>, <c>weight_hh</c>, <c>bias_ih</c>, <c>bias_hh</c>.</param>
    public static RecurrentPass Forward(IRecurrentKernel kernel, Tensor sequence, Tensor[] weights)
    {
        var steps = sequence.transpose(0, 1).contiguous();
        var bias = kernel.AddsBiasesTogether ? weights[2] + weights[3] : weights[2];
        var gates = bias.addmm(steps.flatten(0, 1), weights[0].t()).view(steps.size(0), steps.size(1), -1);
        var (states, saved) = kernel.Forward(gates, weights[1], weights[3]);
        return new RecurrentPass(steps, states, saved);
    }

    /// <summary>States <c>[batch, time, hidden]</c>, or the last one <c>[batch, hidden]</c>.</summary>
    public Tensor Output(bool lastOnly) => lastOnly ? States[-1].clone() : States.transpose(0, 1);

    /// <summary>The gradients of the sequence (null unless it is asked for) and of the four weights; they belong to the current dispose scope.</summary>
    public Tensor?[] Backward(IRecurrentKernel kernel, Tensor gradient, Tensor[] weights, bool ofSequence)
    {
        var (fromInput, fromState) = kernel.Backward(gradient.dim() == 3 ? gradient.transpose(0, 1) : gradient, States, Saved, weights[1]);
        var (time, all) = (States.size(0), fromInput.flatten(0, 1));
        var ofBias = all.sum([0L]);
        return
        [
            ofSequence ? all.mm(weights[0]).view(Steps.shape).transpose(0, 1) : null,
            all.t().mm(Steps.flatten(0, 1)),
            time > 1 ? fromState.narrow(0, 1, time - 1).flatten(0, 1).t().mm(States.narrow(0, 0, time - 1).flatten(0, 1)) : zeros_like(weights[1]),
            ofBias,
            kernel.AddsBiasesTogether ? ofBias.clone() : fromState.flatten(0, 1).sum([0L]),
        ];
    }
}

using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>A <see cref="RecurrentPass"/> as a step of autograd.</summary>
internal sealed class RecurrentFunction : GuardedFunction<RecurrentFunction>
{
    private const string Layer = "layer";
    private const string Threads = "threads";
    private const int Inputs = 5; // the sequence and four weights

    /// <summary>Takes the <see cref="FastRecurrentLayer"/>, whether only the last state is needed, the sequence, and the
    /// four weights.</summary>
    protected override Tensor Forward(autograd.AutogradContext context, object[] inputs)
    {
        var layer = (FastRecurrentLayer)inputs[0];
        Tensor[] tensors = [.. inputs[2..].Cast<Tensor>()];
        var (values, output) = RecurrentPass.Forward(layer.Kernel, tensors[0], tensors[1..], (bool)inputs[1]);
        context.save_for_backward([.. tensors, values.Steps, values.Gates, values.States, values.Memory]);
        context.save_data(Layer, layer);
        context.save_data(Threads, values.Threads);
        return output;
    }

    protected override IReadOnlyList<Tensor?> Backward(autograd.AutogradContext context, Tensor gradient)
    {
        var layer = (FastRecurrentLayer)context.get_data(Layer);
        Tensor[] saved = Saved(context);
        var inputs = saved[..Inputs];
        int threads = (int)context.get_data(Threads);
        var values = new RecurrentValues(saved[Inputs], saved[Inputs + 1], saved[Inputs + 2], saved[Inputs + 3], threads);
        var gradients = is_grad_enabled()
            ? layer.Differentiable(gradient, inputs)
            : RecurrentPass.Backward(layer.Kernel, values, gradient, inputs[1..], inputs[0].requires_grad);
        return [null, null, .. gradients];
    }
}

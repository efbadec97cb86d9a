using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>A <see cref="RecurrentPass"/> as a step of autograd.</summary>
/// <remarks>Nothing in <see cref="backward"/> may throw: an exception there crosses native code and ends the process.</remarks>
internal sealed class RecurrentFunction : autograd.SingleTensorFunction<RecurrentFunction>
{
    private const string Layer = "layer";
    private const string Threads = "threads";
    private const int Inputs = 5; // the sequence and four weights

    public override string Name => nameof(RecurrentFunction);

    /// <summary>Takes the <see cref="FastRecurrentLayer"/>, whether only the last state is needed, the sequence, and the
    /// four weights.</summary>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var layer = (FastRecurrentLayer)vars[0];
        Tensor[] inputs = [.. vars[2..].Cast<Tensor>()];
        var (values, output) = RecurrentPass.Forward(layer.Kernel, inputs[0], inputs[1..], (bool)vars[1]);
        ctx.save_for_backward([.. inputs, values.Steps, values.Gates, values.States, values.Memory]);
        ctx.save_data(Layer, layer);
        ctx.save_data(Threads, values.Threads);
        return output;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var layer = (FastRecurrentLayer)ctx.get_data(Layer);
        Tensor[] saved = [.. ctx.get_saved_variables()];
        var inputs = saved[..Inputs];
        var gradients =
            grad_output.requires_grad && is_grad_enabled()
                ? layer.Differentiable(grad_output, inputs)
                : RecurrentPass.Backward(
                    layer.Kernel,
                    new RecurrentValues(
                        saved[Inputs],
                        saved[Inputs + 1],
                        saved[Inputs + 2],
                        saved[Inputs + 3],
                        (int)ctx.get_data(Threads)
                    ),
                    grad_output,
                    inputs[1..],
                    inputs[0].requires_grad
                );
        return [null!, null!, .. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
    }
}

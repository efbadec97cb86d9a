using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>A <see cref="ConvolutionPass"/> as a step of autograd.</summary>
/// <remarks>Nothing in <see cref="backward"/> may throw: an exception there crosses native code and ends the process.</remarks>
internal sealed class ConvolutionFunction : autograd.SingleTensorFunction<ConvolutionFunction>
{
    private const string Layers = "layers";
    private const int Inputs = 5; // the images and four weights

    public override string Name => nameof(ConvolutionFunction);

    /// <summary>Takes the <see cref="FastConvolutions"/>, the images, and the weights and biases of both convolutions.</summary>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var layers = (FastConvolutions)vars[0];
        Tensor[] inputs = [.. vars[1..].Cast<Tensor>()];
        var (output, saved) = layers.Pass.Forward(inputs[0], inputs[1..], keep: true);
        ctx.save_for_backward([.. inputs, saved!]);
        ctx.save_data(Layers, layers);
        return output;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var layers = (FastConvolutions)ctx.get_data(Layers);
        Tensor[] saved = [.. ctx.get_saved_variables()];
        var inputs = saved[..Inputs];
        var gradients =
            grad_output.requires_grad && is_grad_enabled()
                ? layers.Differentiable(grad_output, inputs)
                : layers.Pass.Backward(grad_output.contiguous(), saved[Inputs], inputs[1..]);
        return [null!, null!, .. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
    }
}

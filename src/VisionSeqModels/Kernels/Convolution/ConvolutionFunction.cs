using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>A <see cref="ConvolutionPass"/> as a step of autograd.</summary>
internal sealed class ConvolutionFunction : GuardedFunction<ConvolutionFunction>
{
    private const string Layers = "layers";
    private const string Threads = "threads";
    private const int Inputs = 5; // the images and four weights

    /// <summary>Takes the <see cref="FastConvolutions"/>, the images, and the weights and biases of both convolutions.</summary>
    protected override Tensor Forward(autograd.AutogradContext context, object[] inputs)
    {
        var layers = (FastConvolutions)inputs[0];
        Tensor[] tensors = [.. inputs[1..].Cast<Tensor>()];
        int threads = ConvolutionPass.Threads(tensors[0].size(0));
        var (output, saved) = layers.Pass.Forward(tensors[0], tensors[1..], threads, keep: true);
        context.save_for_backward([.. tensors, saved!]);
        context.save_data(Layers, layers);
        context.save_data(Threads, threads);
        return output;
    }

    protected override IReadOnlyList<Tensor?> Backward(autograd.AutogradContext context, Tensor gradient)
    {
        var layers = (FastConvolutions)context.get_data(Layers);
        Tensor[] saved = Saved(context);
        var inputs = saved[..Inputs];
        IEnumerable<Tensor?> gradients = is_grad_enabled()
            ? FastConvolutions.Differentiable(gradient, inputs)
            : layers.Pass.Backward(gradient.contiguous(), saved[Inputs], inputs[1..], (int)context.get_data(Threads));
        return [null, null, .. gradients];
    }
}

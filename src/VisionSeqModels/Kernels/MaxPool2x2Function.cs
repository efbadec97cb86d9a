using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>The pooling of <see cref="MaxPool2x2Kernel"/> as a step of autograd.</summary>
/// <remarks>Nothing in <see cref="backward"/> may throw: an exception there crosses native code and ends the process.</remarks>
internal sealed class MaxPool2x2Function : autograd.SingleTensorFunction<MaxPool2x2Function>
{
    private const string Shape = "shape";

    public override string Name => nameof(MaxPool2x2Function);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var input = (Tensor)vars[0];
        var (output, choices) = MaxPool2x2Kernel.Forward(input);
        ctx.save_for_backward([choices]);
        ctx.save_data(Shape, input.shape);
        return output;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var choices = ctx.get_saved_variables()[0];
        long[] shape = (long[])ctx.get_data(Shape);
        return grad_output.requires_grad && is_grad_enabled()
            ? [Differentiable(grad_output, choices, shape)]
            : [MaxPool2x2Kernel.Backward(grad_output, choices, shape)];
    }

    /// <summary>The same gradient by libtorch's operations, for gradients of gradients.</summary>
    private static Tensor Differentiable(Tensor gradient, Tensor choices, long[] shape)
    {
        using var scope = NewDisposeScope();
        long width = shape[3];
        var choice = choices.to_type(ScalarType.Int64);
        var row = arange(choices.size(2), dtype: ScalarType.Int64).unsqueeze(1) * 2 + choice.div(2, RoundingMode.floor);
        var column = arange(choices.size(3), dtype: ScalarType.Int64) * 2 + choice.remainder(2);
        var index = (row * width + column).flatten(2);
        return zeros(shape[0], shape[1], shape[2] * width)
            .scatter_add(2, index, gradient.flatten(2))
            .reshape(shape)
            .MoveToOuterDisposeScope();
    }
}

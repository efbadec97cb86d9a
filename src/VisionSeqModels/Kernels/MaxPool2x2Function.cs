using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Kernels;

/// <summary>The pooling of <see cref="MaxPool2x2Kernel"/> as a step of autograd.</summary>
internal sealed class MaxPool2x2Function : GuardedFunction<MaxPool2x2Function>
{
    private const string Shape = "shape";

    protected override Tensor Forward(autograd.AutogradContext context, object[] inputs)
    {
        var input = (Tensor)inputs[0];
        var (output, choices) = MaxPool2x2Kernel.Forward(input);
        context.save_for_backward([choices]);
        context.save_data(Shape, input.shape);
        return output;
    }

    protected override IReadOnlyList<Tensor?> Backward(autograd.AutogradContext context, Tensor gradient)
    {
        var choices = Saved(context)[0];
        long[] shape = (long[])context.get_data(Shape);
        return is_grad_enabled()
            ? [Differentiable(gradient, choices, shape)]
            : [MaxPool2x2Kernel.Backward(gradient, choices, shape)];
    }

    /// <summary>The same gradient by libtorch's operations, for gradients of gradients.</summary>
    private static Tensor Differentiable(Tensor gradient, Tensor choices, long[] shape)
    {
        using var scope = NewDisposeScope();
        long width = shape[3];
        var choice = choices.to_type(ScalarType.Int64);
        var row = Steps(choices.size(2)).unsqueeze(1).Plus(choice.div(Scalars.Two, RoundingMode.floor));
        var column = Steps(choices.size(3)).Plus(choice.remainder(Scalars.Two));
        var index = row.mul(Scalars.Of(width)).Plus(column).flatten(2);
        return zeros(shape[0], shape[1], shape[2] * width)
            .scatter_add(2, index, gradient.flatten(2))
            .reshape(shape)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The first pixel of each window along an axis.</summary>
    private static Tensor Steps(long windows) => Arithmetic.Arange(windows, ScalarType.Int64).mul(Scalars.Two);
}

using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>A function of autograd whose backward pass cannot end the process.</summary>
/// <remarks>
/// An exception that leaves <c>backward</c> crosses native code, and the process ends. Here <see cref="BackwardFailure"/> keeps
/// it, and every input gets a gradient of a shape that fits none. libtorch refuses that with an ordinary exception, which
/// reaches whoever called <c>backward</c>.
/// </remarks>
internal abstract class GuardedFunction<TFunction> : autograd.SingleTensorFunction<TFunction>
    where TFunction : GuardedFunction<TFunction>, new()
{
    private const string Tensors = "tensors";

    public sealed override string Name => GetType().Name;

    public sealed override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        BackwardFailure.Prepare();
        ctx.save_data(Tensors, vars.Select(value => value is Tensor).ToArray());
        return Forward(ctx, vars);
    }

    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        bool[] isTensor = (bool[])ctx.get_data(Tensors);
        try
        {
            FaultInjection.Pass(Name);
            using var scope = NewDisposeScope();
            var gradients = Backward(ctx, grad_output);
            Check(gradients, isTensor);
            return [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
        }
        catch (Exception e)
        {
            return BackwardFailure.Keep(e, isTensor);
        }
    }

    /// <summary>Computes the output; it may throw.</summary>
    /// <param name="context">Keeps what the backward pass needs.</param>
    /// <param name="inputs">What <c>apply</c> was called with.</param>
    protected abstract Tensor Forward(autograd.AutogradContext context, object[] inputs);

    /// <summary>Computes the gradients; it may throw, within a dispose scope of its own.</summary>
    /// <param name="context">What <see cref="Forward"/> kept.</param>
    /// <param name="gradient">Of the output.</param>
    /// <returns>One for each input of <see cref="Forward"/>; null for those that are no tensor or ask for none.</returns>
    protected abstract IReadOnlyList<Tensor?> Backward(autograd.AutogradContext context, Tensor gradient);

    /// <summary>TorchSharp throws, within native code, on a wrong number of gradients and on one of an input that is no
    /// tensor.</summary>
    private static void Check(IReadOnlyList<Tensor?> gradients, bool[] isTensor)
    {
        if (gradients.Count != isTensor.Length || isTensor.Zip(gradients).Any(entry => !entry.First && entry.Second is not null))
        {
            throw new InvalidOperationException(
                $"{typeof(TFunction).Name} has {isTensor.Length} inputs but gave {gradients.Count} gradients, or one "
                    + "for no tensor."
            );
        }
    }
}

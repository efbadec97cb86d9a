using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>A function of autograd whose backward pass cannot end the process, and runs once unless the graph is
/// retained.</summary>
/// <remarks>
/// <para>An exception that leaves <c>backward</c> crosses native code, and the process ends. Here <see cref="BackwardFailure"/>
/// keeps it, and every input gets a gradient of a shape that fits none. libtorch refuses that with an exception of its own:
/// an <c>ExternalException</c> for whoever called <c>Tensor.backward</c> or <c>autograd.backward</c>. It says "invalid
/// gradient"; <c>Trainer.Fit</c> says what was kept.</para>
/// <para>This does not hold for TorchSharp's <c>autograd.grad</c>, which catches no exception of libtorch. There every failure
/// of a backward pass ends the process, in libtorch's own operations as in these. The library itself never calls it.</para>
/// <para>TorchSharp's node keeps its values after a backward pass. So a value of libtorch's own takes part, which refuses a
/// second pass. Passes that ask for the gradients of named inputs alone leave it out; they may run again, and are right.</para>
/// </remarks>
internal abstract class GuardedFunction<TFunction> : autograd.SingleTensorFunction<TFunction>
    where TFunction : GuardedFunction<TFunction>, new()
{
    private const string Refusal = "refusal";

    public sealed override string Name => GetType().Name;

    /// <summary>Computes the output as a step of autograd; it belongs to the current dispose scope.</summary>
    /// <param name="inputs">What <see cref="Forward"/> receives.</param>
    public static Tensor Call(params object[] inputs)
    {
        using var scope = NewDisposeScope();
        bool hasGraph = is_grad_enabled() && Array.Exists(inputs, input => input is Tensor { requires_grad: true });
        return apply([.. inputs, hasGraph ? OnePass() : null!]).MoveToOuterDisposeScope();
    }

    public sealed override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // TorchSharp would make zeros of a missing gradient outside backward, where nobody catches
        ctx.set_materialize_grads(false);
        ctx.save_data(Refusal, BackwardFailure.Refusal(vars)); // there may be no memory later
        return Forward(ctx, vars[..^1]);
    }

    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var refusal = (List<Tensor>)ctx.get_data(Refusal);
        try
        {
            FaultInjection.Pass(Name);
            using var scope = NewDisposeScope();
            IReadOnlyList<Tensor?> gradients = grad_output.IsInvalid
                ? new Tensor?[refusal.Count - 1]
                : Backward(ctx, grad_output);
            FaultInjection.Pass(nameof(Check));
            Check(gradients, refusal);
            List<Tensor> results = [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!), null!];
            FaultInjection.Pass(nameof(results));
            return results;
        }
        catch (Exception e)
        {
            BackwardFailure.Keep(e);
            return refusal;
        }
    }

    /// <summary>Computes the output; it may throw. All tensors that it makes and does not save are disposed after it.</summary>
    /// <param name="context">Keeps what the backward pass needs.</param>
    /// <param name="inputs">What <see cref="Call"/> received.</param>
    protected abstract Tensor Forward(autograd.AutogradContext context, object[] inputs);

    /// <summary>Computes the gradients; it may throw, within a dispose scope of its own.</summary>
    /// <param name="context">What <see cref="Forward"/> kept.</param>
    /// <param name="gradient">Of the output.</param>
    /// <returns>One for each input of <see cref="Forward"/>; null for those that are no tensor or ask for none.</returns>
    protected abstract IReadOnlyList<Tensor?> Backward(autograd.AutogradContext context, Tensor gradient);

    /// <summary>The tensors that <see cref="Forward"/> saved.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">One was changed since.</exception>
    protected static Tensor[] Saved(autograd.AutogradContext context)
    {
        FaultInjection.Pass(nameof(Saved));
        return [.. context.get_saved_variables()];
    }

    /// <summary>A value whose backward pass needs what libtorch releases after the first.</summary>
    private static Tensor OnePass()
    {
        var leaf = zeros([], dtype: ScalarType.Float32, device: CPU, requires_grad: true);
        return leaf * leaf;
    }

    /// <summary>TorchSharp throws, within native code, on a wrong number of gradients and on one of an input that is no
    /// tensor.</summary>
    private static void Check(IReadOnlyList<Tensor?> gradients, List<Tensor> refusal)
    {
        if (
            gradients.Count != refusal.Count - 1
            || gradients.Zip(refusal).Any(entry => entry is { First: not null, Second: null })
        )
        {
            throw new InvalidOperationException(
                $"{typeof(TFunction).Name} has {refusal.Count - 1} inputs but gave {gradients.Count} gradients, or one "
                    + "for no tensor."
            );
        }
    }
}

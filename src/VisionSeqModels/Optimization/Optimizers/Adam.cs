using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using static VisionSeqModels.Kernels.TensorMemory;

namespace VisionSeqModels.Optimization;

/// <summary>TorchSharp's Adam, bit for bit, with fewer calls; on a GPU one operation for all parameters of a group.</summary>
/// <remarks>For float32 on the CPU one pass of vector code updates both running means, and another finishes the denominator.
/// libtorch still computes the square root, because its root is not the correctly rounded one; and it still changes the
/// weights, so that autograd sees the change. Saved states hold the class's name, which is that of TorchSharp's own: either
/// continues the other's state.</remarks>
internal sealed class Adam : TorchSharp.Modules.Adam, IFusedSteps
{
    private const string Function = "adam";

    public Adam(
        IEnumerable<Parameter> parameters,
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        bool amsGrad = false,
        bool maximize = false
    )
        : base(parameters, learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, maximize) { }

    public Adam(
        IEnumerable<ParamGroup> groups,
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        bool amsGrad = false,
        bool maximize = false
    )
        : base(groups, learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, maximize) { }

    public FusedStep Fused { get; } = new(parameter => FusedAdamLists.Try(Function, parameter));

    public override void zero_grad()
    {
        if (!Fused.TryZeroGradients(_parameter_groups))
        {
            base.zero_grad();
        }
    }

    public override Tensor step(Func<Tensor>? closure = null)
    {
        if (closure is null && Fused.Fits(_parameter_groups))
        {
            return StepFused();
        }

        if (closure is not null || !_parameter_groups.All(IsPlain))
        {
            return base.step(closure);
        }

        using var noGradients = no_grad();
        foreach (var group in _parameter_groups)
        {
            foreach (var parameter in group.Parameters)
            {
                using var scope = NewDisposeScope();
                Step(parameter, (State)_state[parameter.Handle], (Options)group.Options);
            }
        }

        return null!;
    }

    private Tensor StepFused()
    {
        using var noGradients = no_grad();
        foreach (var group in _parameter_groups)
        {
            using var scope = NewDisposeScope();
            var options = (Options)group.Options;
            FusedAdamLists.Step(
                Function,
                group.Parameters,
                parameter =>
                {
                    var state = (State)_state[parameter.Handle];
                    return (++state.step, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq);
                },
                (
                    options.LearningRate!.Value,
                    options.beta1!.Value,
                    options.beta2!.Value,
                    options.weight_decay!.Value,
                    options.eps!.Value
                ),
                options.amsgrad!.Value,
                options.maximize!.Value
            );
        }

        return null!;
    }

    private static bool IsPlain(TorchSharp.Modules.ParamGroup group) =>
        group.Options is Options { amsgrad: not true, maximize: not true } && group.Parameters.All(IsPlain);

    private static bool IsPlain(Parameter parameter) => IsFloatOnCpu(parameter) && parameter.is_contiguous();

    private static void Step(Parameter parameter, State state, Options options)
    {
        if (parameter.grad is not Tensor gradient)
        {
            return;
        }

        state.step++;
        if (options.weight_decay!.Value != 0)
        {
            gradient = gradient.add(parameter, alpha: Scalars.Of(options.weight_decay.Value));
        }

        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        UpdateMeans(Floats(state.exp_avg), Floats(state.exp_avg_sq), Floats(gradient.contiguous()), beta1, beta2);
        var root = state.exp_avg_sq.sqrt();
        Finish(Floats(root), (float)Math.Sqrt(1 - Math.Pow(beta2, state.step)), (float)options.eps!.Value);
        var stepSize = Scalars.Of(-(options.LearningRate!.Value / (1 - Math.Pow(beta1, state.step))));
        parameter.addcdiv_(state.exp_avg, root, value: stepSize);
    }

    /// <summary>mean = β₁ mean + (1 − β₁) g and square = β₂ square + (1 − β₂) g², rounded as libtorch does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UpdateMeans(
        Span<float> mean,
        Span<float> square,
        ReadOnlySpan<float> gradient,
        double beta1,
        double beta2
    )
    {
        var (keep1, take1, keep2, take2) = ((float)beta1, (float)(1 - beta1), (float)beta2, (float)(1 - beta2));
        int i = 0;
        for (; i <= gradient.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]);
            Vector.FusedMultiplyAdd(g, new Vector<float>(take1), new Vector<float>(mean[i..]) * keep1).CopyTo(mean[i..]);
            Vector.FusedMultiplyAdd(g * take2, g, new Vector<float>(square[i..]) * keep2).CopyTo(square[i..]);
        }

        for (; i < gradient.Length; i++)
        {
            mean[i] = MathF.FusedMultiplyAdd(gradient[i], take1, mean[i] * keep1);
            square[i] = MathF.FusedMultiplyAdd(gradient[i] * take2, gradient[i], square[i] * keep2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish(Span<float> root, float correction, float epsilon)
    {
        int i = 0;
        for (; i <= root.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            ((new Vector<float>(root[i..]) / new Vector<float>(correction)) + new Vector<float>(epsilon)).CopyTo(root[i..]);
        }

        for (; i < root.Length; i++)
        {
            root[i] = (root[i] / correction) + epsilon;
        }
    }
}

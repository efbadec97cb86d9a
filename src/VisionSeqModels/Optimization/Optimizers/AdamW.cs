using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>AdamW with held numbers, and on a GPU one operation for all parameters of a group. Saved states hold the class's
/// name, which is that of TorchSharp's own.</summary>
internal sealed class AdamW : HeldOptimizers.AdamW, IFusedSteps
{
    private const string Function = "adamw";

    public AdamW(IEnumerable<ParamGroup> groups, AdamWOptions options)
        : base(groups, options.LearningRate) { }

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
        if (closure is not null || !Fused.Fits(_parameter_groups))
        {
            return base.step(closure);
        }

        using var noGradients = no_grad();
        foreach (var group in _parameter_groups)
        {
            using var scope = NewDisposeScope();
            Step(group, (Options)group.Options);
        }

        return null!;
    }

    private void Step(TorchSharp.Modules.ParamGroup group, Options options) =>
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

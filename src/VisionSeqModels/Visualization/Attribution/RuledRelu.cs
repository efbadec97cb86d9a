using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>A ReLU whose backward pass follows a <see cref="ReluRule"/>.</summary>
internal sealed class RuledRelu : GuardedFunction<RuledRelu>
{
    private const string Rule = "rule";

    /// <summary>What takes the place of ReLU modules in a <see cref="ForwardTrace"/>; null where the rule is the
    /// gradient's.</summary>
    public static Func<ModuleCall, Tensor, Tensor, Tensor>? Replacing(ReluRule rule) =>
        rule == ReluRule.Gradient
            ? null
            : (call, input, output) => call.Module is TorchSharp.Modules.ReLU ? Call(input, rule) : output;

    protected override Tensor Forward(autograd.AutogradContext context, object[] inputs)
    {
        var input = (Tensor)inputs[0];
        context.save_for_backward([input]);
        context.save_data(Rule, inputs[1]);
        return input.relu();
    }

    protected override IReadOnlyList<Tensor?> Backward(autograd.AutogradContext context, Tensor gradient)
    {
        var positive = gradient.relu();
        return (ReluRule)context.get_data(Rule) == ReluRule.Deconvnet
            ? [positive, null]
            : [positive * Saved(context)[0].gt(Scalars.Zero), null];
    }
}

using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>TorchSharp's SGD with numbers that are held (see <see cref="Scalars"/>), and on a GPU one operation for all
/// parameters of a group.</summary>
/// <remarks>With <c>maximize</c> TorchSharp's pushes weights away from 0 by weight decay, as it turns the sign of both. This one
/// negates the gradient first, as PyTorch does. Without it, it is TorchSharp's bit for bit. Saved states hold the class's name,
/// which is that of TorchSharp's own.</remarks>
internal sealed class SGD(IEnumerable<TorchSharp.Modules.SGD.ParamGroup> groups, SgdOptions settings)
    : TorchSharp.Modules.SGD(
        groups,
        settings.LearningRate,
        settings.Momentum,
        settings.Dampening,
        settings.WeightDecay,
        settings.Nesterov
    ),
        IFusedSteps
{
    public FusedStep Fused { get; } =
        new(parameter =>
            Move([parameter], [zeros_like(parameter)], [], new Options { LearningRate = 0.1 }, maximize: false, isFirst: false)
        );

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
            using var noGradients = no_grad();
            foreach (var group in _parameter_groups)
            {
                using var scope = NewDisposeScope();
                Step(group, (Options)group.Options);
            }

            return null!;
        }

        return _step<ParamGroup>(Step, closure);
    }

    private void Step(TorchSharp.Modules.ParamGroup group, Options options)
    {
        var moved = group
            .Parameters.Select(parameter =>
                (Parameter: parameter, Gradient: parameter.grad, State: (State)_state[parameter.Handle])
            )
            .Where(entry => entry.Gradient is not null);
        // the first step of a parameter begins its velocity
        foreach (var part in moved.GroupBy(entry => options.momentum > 0 && entry.State.momentum_buffer is null))
        {
            foreach (var entry in part.Where(_ => part.Key))
            {
                entry.State.momentum_buffer = empty_like(entry.Gradient!).DetachFromDisposeScope();
            }

            Tensor[] velocities = options.momentum > 0 ? [.. part.Select(entry => entry.State.momentum_buffer)] : [];
            Move(
                [.. part.Select(entry => (Tensor)entry.Parameter)],
                [.. part.Select(entry => entry.Gradient!)],
                velocities,
                options,
                settings.Maximize,
                part.Key
            );
        }
    }

    private static void Move(
        Tensor[] parameters,
        Tensor[] gradients,
        Tensor[] velocities,
        Options options,
        bool maximize,
        bool isFirst
    ) =>
        TorchScripts.Call(
            "sgd",
            parameters,
            gradients,
            velocities,
            Scalars.Of(options.LearningRate!.Value),
            Scalars.Of(options.momentum ?? 0),
            Scalars.Of(options.dampening ?? 0),
            Scalars.Of(options.weight_decay ?? 0),
            options.nesterov ?? false,
            maximize,
            isFirst
        );

    private void Step(ParamGroup group)
    {
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is Tensor gradient)
            {
                gradient = settings.Maximize ? gradient.neg() : gradient;
                Step(parameter, gradient, (State)_state[parameter.Handle], group.Options);
            }
        }
    }

    private static void Step(Parameter parameter, Tensor gradient, State state, Options options)
    {
        double momentum = options.momentum!.Value;
        double weightDecay = options.weight_decay!.Value;
        gradient = weightDecay == 0 ? gradient : gradient.add(parameter, alpha: Scalars.Of(weightDecay));
        if (momentum != 0)
        {
            if (state.momentum_buffer is null)
            {
                state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
            }
            else
            {
                state.momentum_buffer.mul_(Scalars.Of(momentum)).add_(gradient, alpha: Scalars.Of(1 - options.dampening!.Value));
            }

            gradient = options.nesterov!.Value
                ? gradient.add(state.momentum_buffer, alpha: Scalars.Of(momentum))
                : state.momentum_buffer;
        }

        parameter.add_(gradient, alpha: Scalars.Of(-options.LearningRate!.Value));
    }
}

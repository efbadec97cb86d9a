using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Optimizers of TorchSharp 0.107.0 whose step is not PyTorch's. Their state stays TorchSharp's, under the same
/// name.</summary>
internal static class CorrectedOptimizers
{
    /// <summary>TorchSharp scales RAdam's rectified steps by the square of the learning rate.</summary>
    public sealed class RAdam(IEnumerable<TorchSharp.Modules.RAdam.ParamGroup> groups, double learningRate)
        : TorchSharp.Modules.RAdam(groups, learningRate)
    {
        public override Tensor step(Func<Tensor>? closure = null) =>
            _step<ParamGroup>(
                group =>
                {
                    foreach (var parameter in group.Parameters)
                    {
                        Step(parameter, (State)_state[parameter.Handle], group.Options);
                    }
                },
                closure
            );

        private static void Step(Parameter parameter, State state, Options options)
        {
            if (parameter.grad is not Tensor gradient)
            {
                return;
            }

            state.step++;
            var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
            double weightDecay = options.weight_decay!.Value;
            gradient = weightDecay == 0 ? gradient : gradient.add(parameter, alpha: weightDecay);
            state.exp_avg.mul_(beta1).add_(gradient, alpha: 1 - beta1);
            state.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, value: 1 - beta2);

            double correction2 = 1 - Math.Pow(beta2, state.step);
            double stepSize = options.LearningRate!.Value / (1 - Math.Pow(beta1, state.step));
            double longest = (2 / (1 - beta2)) - 1;
            double length = longest - (2 * state.step * Math.Pow(beta2, state.step) / correction2);
            if (length <= 5)
            {
                parameter.add_(state.exp_avg, alpha: -stepSize);
                return;
            }

            double rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
            var root = state.exp_avg_sq.sqrt().add_(options.eps!.Value);
            parameter.addcdiv_(state.exp_avg, root, value: -stepSize * rectification * Math.Sqrt(correction2));
        }
    }

    /// <summary>TorchSharp's SGD with <c>maximize</c> pushes weights away from 0 by weight decay, as it turns the sign of
    /// both. This one always maximizes, and negates the gradient first, as PyTorch does.</summary>
    public sealed class SGD(IEnumerable<TorchSharp.Modules.SGD.ParamGroup> groups, double learningRate)
        : TorchSharp.Modules.SGD(groups, learningRate)
    {
        public override Tensor step(Func<Tensor>? closure = null) =>
            _step<ParamGroup>(
                group =>
                {
                    foreach (var parameter in group.Parameters)
                    {
                        Step(parameter, (State)_state[parameter.Handle], group.Options);
                    }
                },
                closure
            );

        private static void Step(Parameter parameter, State state, Options options)
        {
            if (parameter.grad is not Tensor ascent)
            {
                return;
            }

            var gradient = ascent.neg();
            double momentum = options.momentum!.Value;
            double weightDecay = options.weight_decay!.Value;
            gradient = weightDecay == 0 ? gradient : gradient.add(parameter, alpha: weightDecay);
            if (momentum != 0)
            {
                if (state.momentum_buffer is null)
                {
                    state.momentum_buffer = gradient.clone().DetachFromDisposeScope();
                }
                else
                {
                    state.momentum_buffer.mul_(momentum).add_(gradient, alpha: 1 - options.dampening!.Value);
                }

                gradient = options.nesterov!.Value ? gradient.add(state.momentum_buffer, alpha: momentum) : state.momentum_buffer;
            }

            parameter.add_(gradient, alpha: -options.LearningRate!.Value);
        }
    }
}

using TorchSharp.Modules;
using VisionSeqModels.Torch;
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
            gradient = weightDecay == 0 ? gradient : gradient.add(parameter, alpha: Scalars.Of(weightDecay));
            state.exp_avg.mul_(Scalars.Of(beta1)).add_(gradient, alpha: Scalars.Of(1 - beta1));
            state.exp_avg_sq.mul_(Scalars.Of(beta2)).addcmul_(gradient, gradient, value: Scalars.Of(1 - beta2));

            double correction2 = 1 - Math.Pow(beta2, state.step);
            double stepSize = options.LearningRate!.Value / (1 - Math.Pow(beta1, state.step));
            double longest = (2 / (1 - beta2)) - 1;
            double length = longest - (2 * state.step * Math.Pow(beta2, state.step) / correction2);
            if (length <= 5)
            {
                parameter.add_(state.exp_avg, alpha: Scalars.Of(-stepSize));
                return;
            }

            double rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
            var root = state.exp_avg_sq.sqrt().add_(Scalars.Of(options.eps!.Value), Scalars.One);
            parameter.addcdiv_(state.exp_avg, root, value: Scalars.Of(-stepSize * rectification * Math.Sqrt(correction2)));
        }
    }
}

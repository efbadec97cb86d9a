using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Optimizers of TorchSharp 0.107.0, bit for bit, with numbers that are held while libtorch reads them (see
/// <see cref="Scalars"/>). Their state stays TorchSharp's, under the same name.</summary>
internal static class HeldOptimizers
{
    public class AdamW(IEnumerable<TorchSharp.Modules.AdamW.ParamGroup> groups, double learningRate)
        : TorchSharp.Modules.AdamW(groups, learningRate)
    {
        public override Tensor step(Func<Tensor>? closure = null) =>
            _step<ParamGroup>(
                group => Each(group.Parameters, (p, gradient) => Step(p, gradient, (State)_state[p.Handle], group.Options)),
                closure
            );

        private static void Step(Parameter parameter, Tensor gradient, State state, Options options)
        {
            gradient = options.maximize!.Value ? gradient.neg() : gradient;
            state.step++;
            var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
            double rate = options.LearningRate!.Value;
            parameter.mul_(Scalars.Of(1 - (rate * options.weight_decay!.Value)));
            AddToMeans(state.exp_avg, state.exp_avg_sq, gradient, beta1, beta2);
            if (options.amsgrad!.Value)
            {
                using var before = state.max_exp_avg_sq;
                state.max_exp_avg_sq = maximum(before, state.exp_avg_sq).DetachFromDisposeScope();
            }

            var squares = options.amsgrad.Value ? state.max_exp_avg_sq : state.exp_avg_sq;
            var root = squares.sqrt().div(Scalars.Of(Math.Sqrt(1 - Math.Pow(beta2, state.step))));
            root.add_(Scalars.Of(options.eps!.Value), Scalars.One);
            parameter.addcdiv_(state.exp_avg, root, Scalars.Of(-(rate / (1 - Math.Pow(beta1, state.step)))));
        }
    }

    public sealed class NAdam(IEnumerable<TorchSharp.Modules.NAdam.ParamGroup> groups, double learningRate)
        : TorchSharp.Modules.NAdam(groups, learningRate)
    {
        public override Tensor step(Func<Tensor>? closure = null) =>
            _step<ParamGroup>(
                group => Each(group.Parameters, (p, gradient) => Step(p, gradient, (State)_state[p.Handle], group.Options)),
                closure
            );

        private static void Step(Parameter parameter, Tensor gradient, State state, Options options)
        {
            state.step++;
            var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
            double rate = options.LearningRate!.Value;
            double Momentum(long step) => beta1 * (1.0 - (0.5 * Math.Pow(0.96, step * options.momentum_decay!.Value)));
            var (now, next) = (Momentum(state.step), Momentum(state.step + 1));
            state.mu_product *= now;
            gradient = Decayed(gradient, parameter, options.weight_decay!.Value);
            AddToMeans(state.exp_avg, state.exp_avg_sq, gradient, beta1, beta2);
            var root = state.exp_avg_sq.div(Scalars.Of(1 - Math.Pow(beta2, state.step))).sqrt_();
            root.add_(Scalars.Of(options.eps!.Value), Scalars.One);
            parameter.addcdiv_(gradient, root, Scalars.Of(-rate * (1 - now) / (1 - state.mu_product)));
            parameter.addcdiv_(state.exp_avg, root, Scalars.Of(-rate * next / (1 - (state.mu_product * next))));
        }
    }

    public sealed class RMSProp(IEnumerable<TorchSharp.Modules.RMSProp.ParamGroup> groups, double learningRate, bool maximize)
        : TorchSharp.Modules.RMSProp(groups, learningRate, maximize: maximize)
    {
        public override Tensor step(Func<Tensor>? closure = null) =>
            _step<ParamGroup>(
                group => Each(group.Parameters, (p, gradient) => Step(p, gradient, (State)_state[p.Handle], group.Options)),
                closure
            );

        private static void Step(Parameter parameter, Tensor gradient, State state, Options options)
        {
            gradient = options.maximize!.Value ? gradient.neg() : gradient;
            state.step++;
            var (keep, take) = (Scalars.Of(options.alpha!.Value), Scalars.Of(1 - options.alpha.Value));
            gradient = Decayed(gradient, parameter, options.weight_decay!.Value);
            state.square_avg.mul_(keep).addcmul_(gradient, gradient, take);
            var variance = state.square_avg;
            if (options.centered!.Value)
            {
                state.grad_avg.mul_(keep).add_(gradient, take);
                variance = variance.addcmul(state.grad_avg, state.grad_avg, Scalars.Of(-1));
            }

            var root = variance.sqrt().add_(Scalars.Of(options.eps!.Value), Scalars.One);
            var rate = Scalars.Of(-options.LearningRate!.Value);
            if (options.momentum!.Value > 0)
            {
                state.momentum_buffer.mul_(Scalars.Of(options.momentum.Value)).addcdiv_(gradient, root, Scalars.One);
                parameter.add_(state.momentum_buffer, rate);
            }
            else
            {
                parameter.addcdiv_(gradient, root, rate);
            }
        }
    }

    public sealed class Adagrad(IEnumerable<TorchSharp.Modules.Adagrad.ParamGroup> groups, double learningRate)
        : TorchSharp.Modules.Adagrad(groups, learningRate)
    {
        public override Tensor step(Func<Tensor>? closure = null) =>
            _step<ParamGroup>(
                group => Each(group.Parameters, (p, gradient) => Step(p, gradient, (State)_state[p.Handle], group.Options)),
                closure
            );

        private static void Step(Parameter parameter, Tensor gradient, State state, Options options)
        {
            state.step++;
            gradient = Decayed(gradient, parameter, options.weight_decay!.Value);
            double rate = options.LearningRate!.Value / (1 + ((state.step - 1) * options.lr_decay!.Value));
            state.sum.addcmul_(gradient, gradient, Scalars.One);
            var root = state.sum.sqrt().add_(Scalars.Of(options.eps!.Value), Scalars.One);
            parameter.addcdiv_(gradient, root, Scalars.Of(-rate));
        }
    }

    private static void Each(IEnumerable<Parameter> parameters, Action<Parameter, Tensor> step)
    {
        foreach (var parameter in parameters)
        {
            if (parameter.grad is Tensor gradient)
            {
                step(parameter, gradient);
            }
        }
    }

    private static Tensor Decayed(Tensor gradient, Tensor parameter, double weightDecay) =>
        weightDecay == 0 ? gradient : gradient.add(parameter, Scalars.Of(weightDecay));

    private static void AddToMeans(Tensor mean, Tensor square, Tensor gradient, double beta1, double beta2)
    {
        mean.mul_(Scalars.Of(beta1)).add_(gradient, Scalars.Of(1 - beta1));
        square.mul_(Scalars.Of(beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - beta2));
    }
}

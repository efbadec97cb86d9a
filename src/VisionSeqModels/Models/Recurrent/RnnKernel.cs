using System.Numerics;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>The vanilla network: <c>h' = f(x + h)</c>, with <c>x</c> and <c>h</c> what input and state give, and <c>f</c> tanh or the rectifier. Its one gate is the state.</summary>
internal sealed class RnnKernel(bool isRelu) : IRecurrentKernel
{
    public bool AddsBiasesTogether => true;

    public (Tensor States, Tensor[] Saved) Forward(Tensor gates, Tensor weight, Tensor bias)
    {
        var transposed = weight.t();
        var steps = gates.unbind(0);
        var states = new Rows(gates);
        int batch = (int)gates.size(1);
        for (int t = 0; t < steps.Length; t++)
        {
            if (t > 0)
            {
                steps[t].addmm_(steps[t - 1], transposed);
            }

            Squash(states, t * batch, batch);
        }

        return (gates, []);
    }

    public (Tensor FromInput, Tensor FromState) Backward(Tensor gradient, Tensor states, Tensor[] saved, Tensor weight)
    {
        var carried = new StateGradient(gradient);
        var result = empty_like(states);
        var steps = result.unbind(0);
        var current = new Rows(carried.Current);
        var state = new Rows(states);
        var before = new Rows(result);
        for (int t = steps.Length - 1; t >= 0; t--)
        {
            Back(current, state, before, t * current.Count);
            if (t > 0)
            {
                carried.Current.addmm_(steps[t], weight, beta: 0);
                carried.Add(t - 1);
            }
        }

        return (result, result);
    }

    private void Squash(Rows states, int first, int count)
    {
        for (int row = first; row < first + count; row++)
        {
            var state = states[row];
            for (int j = 0; j < state.Length; j++)
            {
                state[j] = isRelu ? Vector.Max(state[j], Vector<float>.Zero) : VectorFunctions.Tanh(state[j]);
            }
        }
    }

    private void Back(Rows gradients, Rows states, Rows results, int first)
    {
        for (int row = 0; row < gradients.Count; row++)
        {
            var gradient = gradients[row];
            var state = states[first + row];
            var result = results[first + row];
            for (int j = 0; j < result.Length; j++)
            {
                result[j] = isRelu
                    ? Vector.ConditionalSelect(Vector.GreaterThan(state[j], Vector<float>.Zero), gradient[j], Vector<float>.Zero)
                    : gradient[j] * (Vector<float>.One - (state[j] * state[j]));
            }
        }
    }
}

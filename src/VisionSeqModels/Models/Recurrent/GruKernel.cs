using System.Numerics;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>
/// The gated recurrent unit as PyTorch has it: <c>r = σ(x_r + h_r)</c>, <c>z = σ(x_z + h_z)</c>, <c>n = tanh(x_n + r h_n)</c>, <c>h' = n + z (h − n)</c>,
/// with <c>x_</c> and <c>h_</c> what input and state give to each gate. Cho et al. (2014).
/// </summary>
internal sealed class GruKernel : IRecurrentKernel
{
    public bool AddsBiasesTogether => false;

    public (Tensor States, Tensor[] Saved) Forward(Tensor gates, Tensor weight, Tensor bias)
    {
        var (time, batch, hidden) = (gates.size(0), gates.size(1), weight.size(1));
        var states = zeros(time, batch, hidden);
        var proposals = empty(time, batch, hidden); // h_n
        var fromState = zeros(batch, 3 * hidden);
        var transposed = weight.t();
        var outputs = states.unbind(0);
        var rows = new StepRows(gates, proposals, states);
        var share = new Rows(fromState);
        var biases = new Rows(bias)[0];
        for (int t = 0; t < outputs.Length; t++)
        {
            if (t > 0)
            {
                fromState.addmm_(outputs[t - 1], transposed, beta: 0);
            }

            Step(rows, share, biases, t);
        }

        return (states, [gates, proposals]);
    }

    public (Tensor FromInput, Tensor FromState) Backward(Tensor gradient, Tensor states, Tensor[] saved, Tensor weight)
    {
        var carried = new StateGradient(gradient);
        var fromInput = empty_like(saved[0]);
        var fromState = empty_like(saved[0]);
        var steps = fromState.unbind(0);
        var rows = new StepRows(saved[0], saved[1], states);
        var current = new Rows(carried.Current);
        var inputs = new Rows(fromInput);
        var outputs = new Rows(fromState);
        for (int t = steps.Length - 1; t >= 0; t--)
        {
            Back(rows, current, inputs, outputs, t);
            if (t > 0)
            {
                carried.Current.addmm_(steps[t], weight);
                carried.Add(t - 1);
            }
        }

        return (fromInput, fromState);
    }

    private static void Step(StepRows rows, Rows fromState, Span<Vector<float>> bias, int t)
    {
        for (int row = 0; row < fromState.Count; row++)
        {
            int at = (t * fromState.Count) + row;
            var gate = rows.Gates[at];
            var share = fromState[row];
            var proposal = rows.Proposals[at];
            var state = rows.States[at];
            var before = t > 0 ? rows.States[at - fromState.Count] : state; // zeros at first
            int hidden = state.Length;
            for (int j = 0; j < hidden; j++)
            {
                var reset = gate[j] = VectorFunctions.Sigmoid(gate[j] + share[j] + bias[j]);
                var update = gate[hidden + j] = VectorFunctions.Sigmoid(gate[hidden + j] + share[hidden + j] + bias[hidden + j]);
                proposal[j] = share[(2 * hidden) + j] + bias[(2 * hidden) + j];
                var candidate = gate[(2 * hidden) + j] = VectorFunctions.Tanh(gate[(2 * hidden) + j] + (reset * proposal[j]));
                state[j] = candidate + (update * (before[j] - candidate));
            }
        }
    }

    private static void Back(StepRows rows, Rows gradients, Rows inputs, Rows outputs, int t)
    {
        for (int row = 0; row < gradients.Count; row++)
        {
            int at = (t * gradients.Count) + row;
            var gradient = gradients[row];
            var gate = rows.Gates[at];
            var proposal = rows.Proposals[at];
            var before = t > 0 ? rows.States[at - gradients.Count] : [];
            var input = inputs[at];
            var output = outputs[at];
            int hidden = gradient.Length;
            for (int j = 0; j < hidden; j++)
            {
                var (reset, update, candidate) = (gate[j], gate[hidden + j], gate[(2 * hidden) + j]);
                var state = t > 0 ? before[j] : Vector<float>.Zero;
                var ofCandidate = gradient[j] * (Vector<float>.One - update) * (Vector<float>.One - (candidate * candidate));
                input[j] = output[j] = ofCandidate * proposal[j] * reset * (Vector<float>.One - reset);
                input[hidden + j] = output[hidden + j] = gradient[j] * (state - candidate) * update * (Vector<float>.One - update);
                input[(2 * hidden) + j] = ofCandidate;
                output[(2 * hidden) + j] = ofCandidate * reset;
                gradient[j] *= update;
            }
        }
    }

    /// <summary>What is kept of every step, by rows of step × batch.</summary>
    private readonly ref struct StepRows(Tensor gates, Tensor proposals, Tensor states)
    {
        public readonly Rows Gates = new(gates);
        public readonly Rows Proposals = new(proposals);
        public readonly Rows States = new(states);
    }
}

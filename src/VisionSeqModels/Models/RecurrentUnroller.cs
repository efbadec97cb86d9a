using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Computes one layer and direction of a recurrent module step by step, by PyTorch's formulas.</summary>
/// <param name="module">An <c>nn.RNN</c>, <c>nn.LSTM</c> or <c>nn.GRU</c>.</param>
/// <param name="nonlinearity">The function of an <c>nn.RNN</c>.</param>
/// <param name="weights">The module's parameters by name.</param>
/// <param name="isStep">Which steps count, <c>[batch, time]</c>, bool; null for all. A state stays as it is where a step does
/// not count.</param>
internal sealed class RecurrentUnroller(
    nn.Module module,
    ActivationFunction nonlinearity,
    Dictionary<string, Tensor> weights,
    Tensor? isStep
)
{
    /// <summary>Whether there is a layer and direction with this suffix, for example <c>l0_reverse</c>.</summary>
    public bool Has(string suffix) => weights.ContainsKey("weight_hh_" + suffix);

    /// <summary>The steps of a layer and direction, in the order of time.</summary>
    public RecurrentStep[] Layer(string suffix, Tensor sequence, bool isReversed)
    {
        int time = (int)sequence.size(1);
        var steps = new RecurrentStep[time];
        var recurrentWeight = weights["weight_hh_" + suffix];
        var fromInput = nn.functional.linear(sequence, weights["weight_ih_" + suffix], Bias("bias_ih_" + suffix));
        var state = new RecurrentStep
        {
            Hidden = zeros([sequence.size(0), recurrentWeight.size(1)], device: sequence.device, dtype: sequence.dtype),
        };
        for (int i = 0; i < time; i++)
        {
            int t = isReversed ? time - 1 - i : i;
            var fromState = nn.functional.linear(state.Hidden, recurrentWeight, Bias("bias_hh_" + suffix));
            steps[t] = state = Masked(t, Next(fromInput.select(1, t), fromState, state), state);
        }

        return steps;
    }

    /// <summary>The outputs of a layer and direction, <c>[batch, time, units]</c>; 0 where a step does not count.</summary>
    public Tensor Outputs(IEnumerable<RecurrentStep> steps)
    {
        var outputs = stack([.. steps.Select(step => step.Hidden)], 1);
        return isStep is null ? outputs : outputs * isStep.unsqueeze(2);
    }

    private Tensor? Bias(string name) => weights.GetValueOrDefault(name);

    private RecurrentStep Masked(int t, RecurrentStep step, RecurrentStep before)
    {
        if (isStep is null)
        {
            return step;
        }

        var counts = isStep.narrow(1, t, 1);
        return step with
        {
            Hidden = where(counts, step.Hidden, before.Hidden),
            Cell = step.Cell is null ? null : where(counts, step.Cell, before.Cell ?? zeros_like(step.Cell)),
        };
    }

    private RecurrentStep Next(Tensor fromInput, Tensor fromState, RecurrentStep before) =>
        module switch
        {
            LSTM => Lstm(fromInput.Plus(fromState).chunk(4, 1), before),
            GRU => Gru(fromInput.chunk(3, 1), fromState.chunk(3, 1), before),
            _ => Rnn(fromInput.Plus(fromState)),
        };

    private RecurrentStep Rnn(Tensor sum) => new() { Hidden = nonlinearity == ActivationFunction.ReLU ? sum.relu() : sum.tanh() };

    private static RecurrentStep Lstm(Tensor[] gates, RecurrentStep before)
    {
        var (input, forget, candidate, output) = (gates[0].sigmoid(), gates[1].sigmoid(), gates[2].tanh(), gates[3].sigmoid());
        var cell = before.Cell is null ? input * candidate : (forget * before.Cell).Plus(input * candidate);
        return new RecurrentStep
        {
            Hidden = output * cell.tanh(),
            Cell = cell,
            Gates = new Dictionary<string, Tensor>
            {
                ["input"] = input,
                ["forget"] = forget,
                ["candidate"] = candidate,
                ["output"] = output,
            },
        };
    }

    private static RecurrentStep Gru(Tensor[] x, Tensor[] h, RecurrentStep before)
    {
        var (reset, update) = (x[0].Plus(h[0]).sigmoid(), x[1].Plus(h[1]).sigmoid());
        var candidate = x[2].Plus(reset * h[2]).tanh();
        return new RecurrentStep
        {
            Hidden = (update.OneMinus() * candidate).Plus(update * before.Hidden),
            Gates = new Dictionary<string, Tensor>
            {
                ["reset"] = reset,
                ["update"] = update,
                ["candidate"] = candidate,
            },
        };
    }
}

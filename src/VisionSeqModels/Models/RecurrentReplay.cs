using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary> The steps of a recurrent network one after another, by its weights: libtorch's fused operation gives the last
/// layer's outputs alone, and neither gates nor gradients of inner states. Dropout is left out, as in evaluation mode.
/// </summary>
internal static class RecurrentReplay
{
    /// <summary>What one layer and direction computes at one step; gates by their usual names, each
    /// <c>[batch, hidden]</c>.</summary>
    public sealed record Step(Tensor Hidden, Tensor? Cell, IReadOnlyDictionary<string, Tensor> Gates);

    /// <summary>Runs all layers.</summary>
    /// <returns>For each layer and direction, in PyTorch's order, the steps in the order of time; with them outputs and
    /// final states as <see cref="RecurrentLayers.Run(nn.Module, Tensor)"/> gives them.</returns>
    public static (List<Step[]> Layers, Tensor Outputs, Tensor Final) Run(RecurrentClassifier model, Tensor sequence)
    {
        var weights = model
            .Layers.named_parameters()
            .ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter, StringComparer.Ordinal);
        var layers = new List<Step[]>();
        var final = new List<Tensor>();
        for (int layer = 0; layer < model.Options.LayerCount; layer++)
        {
            var outputs = new List<Tensor>();
            foreach (bool backward in model.Options.Bidirectional ? new[] { false, true } : [false])
            {
                var steps = Layer(model, weights, $"l{layer}{(backward ? "_reverse" : "")}", sequence, backward);
                layers.Add(steps);
                final.Add(backward ? steps[0].Hidden : steps[^1].Hidden);
                outputs.Add(stack([.. steps.Select(step => step.Hidden)], 1));
            }

            sequence = outputs.Count == 1 ? outputs[0] : cat(outputs, 2);
        }

        return (layers, sequence, stack(final));
    }

    private static Step[] Layer(
        RecurrentClassifier model,
        Dictionary<string, Tensor> weights,
        string suffix,
        Tensor sequence,
        bool backward
    )
    {
        int time = (int)sequence.size(1);
        var steps = new Step[time];
        var fromInput = nn.functional.linear(sequence, weights["weight_ih_" + suffix], weights["bias_ih_" + suffix]);
        var state = new Step(
            zeros([sequence.size(0), model.Options.HiddenSize], device: sequence.device, dtype: sequence.dtype),
            null,
            new Dictionary<string, Tensor>()
        );
        for (int i = 0; i < time; i++)
        {
            int t = backward ? time - 1 - i : i;
            var fromState = nn.functional.linear(state.Hidden, weights["weight_hh_" + suffix], weights["bias_hh_" + suffix]);
            steps[t] = state = Next(model, fromInput.select(1, t), fromState, state);
        }

        return steps;
    }

    private static Step Next(RecurrentClassifier model, Tensor fromInput, Tensor fromState, Step before)
    {
        long units = model.Options.HiddenSize;
        switch (model.Cell)
        {
            case RecurrentCell.Rnn:
                var sum = fromInput + fromState;
                return new Step(
                    model.Options.Nonlinearity == ActivationFunction.ReLU ? sum.relu() : sum.tanh(),
                    null,
                    new Dictionary<string, Tensor>()
                );
            case RecurrentCell.Lstm:
                var all = (fromInput + fromState).split(units, 1);
                var (input, forget, candidate, output) = (all[0].sigmoid(), all[1].sigmoid(), all[2].tanh(), all[3].sigmoid());
                var cell = before.Cell is null ? input * candidate : (forget * before.Cell) + (input * candidate);
                return new Step(
                    output * cell.tanh(),
                    cell,
                    new Dictionary<string, Tensor>
                    {
                        ["input"] = input,
                        ["forget"] = forget,
                        ["candidate"] = candidate,
                        ["output"] = output,
                    }
                );
            default:
                var x = fromInput.split(units, 1);
                var h = fromState.split(units, 1);
                var (reset, update) = ((x[0] + h[0]).sigmoid(), (x[1] + h[1]).sigmoid());
                var proposal = (x[2] + (reset * h[2])).tanh();
                return new Step(
                    ((1 - update) * proposal) + (update * before.Hidden),
                    null,
                    new Dictionary<string, Tensor>
                    {
                        ["reset"] = reset,
                        ["update"] = update,
                        ["candidate"] = proposal,
                    }
                );
        }
    }
}

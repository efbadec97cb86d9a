using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>RNN, LSTM and GRU after ONNX's formulas, step by step.</summary>
internal static class RecurrentOperators
{
    private delegate Tensor Step(Tensor input, Tensor hidden, Weights weights);

    private sealed record Weights(Tensor Input, Tensor Hidden, Tensor InputBias, Tensor HiddenBias, string Function)
    {
        /// <summary>The cell of an LSTM.</summary>
        public Tensor? Cell { get; set; }
    }

    public static IEnumerable<(string Name, OnnxOperator Compute)> All =>
        [
            ("GRU", (a, x) => Run(a, x, 3, a.Int("linear_before_reset") == 1 ? GruStep : throw OtherGru())),
            ("LSTM", (a, x) => Run(a, x, 4, LstmStep)),
            ("RNN", (a, x) => Run(a, x, 1, RnnStep)),
        ];

    /// <summary>Y <c>[time, directions, batch, units]</c> and Y_h <c>[directions, batch, units]</c>.</summary>
    private static IReadOnlyList<Tensor> Run(OnnxAttributes a, Tensor?[] x, int gates, Step step)
    {
        string direction = a.Text("direction", "forward");
        string[]? functions = a.Texts("activations");
        long units = a.Int("hidden_size");
        var outputs = new List<Tensor>();
        var final = new List<Tensor>();
        for (int index = 0; index < x.Needed(1).size(0); index++)
        {
            bool isReversed = direction == "reverse" || index == 1;
            var weights = WeightsOf(x, index, gates * units, functions?[index] ?? "Tanh");
            var (states, last) = Direction(x.Needed(0), weights, units, x.ElementAtOrDefault(4), isReversed, step);
            outputs.Add(states);
            final.Add(last);
        }

        return [stack(outputs, 1), stack(final)];
    }

    private static Weights WeightsOf(Tensor?[] x, int direction, long size, string function)
    {
        var bias = x.ElementAtOrDefault(3)?[direction] ?? zeros(2 * size);
        return new Weights(x.Needed(1)[direction], x.Needed(2)[direction], bias[..(int)size], bias[(int)size..], function);
    }

    private static (Tensor States, Tensor Last) Direction(
        Tensor sequence,
        Weights weights,
        long units,
        Tensor? lengths,
        bool isReversed,
        Step step
    )
    {
        int count = (int)sequence.size(0);
        var hidden = zeros(sequence.size(1), units);
        weights.Cell = zeros_like(hidden);
        var states = new Tensor[count];
        for (int done = 0; done < count; done++)
        {
            int time = isReversed ? count - 1 - done : done;
            var cell = weights.Cell;
            var next = step(sequence[time], hidden, weights);
            var counts = lengths?.gt(Scalars.Of(time)).unsqueeze(1);
            hidden = counts is null ? next : where(counts, next, hidden);
            weights.Cell = counts is null ? weights.Cell : where(counts, weights.Cell, cell);
            states[time] = counts is null ? next : where(counts, next, zeros_like(next));
        }

        return (stack(states), hidden);
    }

    private static Tensor RnnStep(Tensor x, Tensor hidden, Weights w)
    {
        var sum = Product(x, w.Input, w.InputBias) + Product(hidden, w.Hidden, w.HiddenBias);
        return w.Function == "Relu" ? sum.relu() : sum.tanh();
    }

    /// <summary>The gates in the order input, output, forget, cell.</summary>
    private static Tensor LstmStep(Tensor x, Tensor hidden, Weights w)
    {
        var gates = (Product(x, w.Input, w.InputBias) + Product(hidden, w.Hidden, w.HiddenBias)).chunk(4, 1);
        w.Cell = (gates[2].sigmoid() * w.Cell!) + (gates[0].sigmoid() * gates[3].tanh());
        return gates[1].sigmoid() * w.Cell.tanh();
    }

    /// <summary>The gates in the order update, reset, hidden; the reset gate acts on the product with its bias.</summary>
    private static Tensor GruStep(Tensor x, Tensor hidden, Weights w)
    {
        var input = Product(x, w.Input, w.InputBias).chunk(3, 1);
        var before = Product(hidden, w.Hidden, w.HiddenBias).chunk(3, 1);
        var update = (input[0] + before[0]).sigmoid();
        var reset = (input[1] + before[1]).sigmoid();
        return ((1 - update) * (input[2] + (reset * before[2])).tanh()) + (update * hidden);
    }

    private static Tensor Product(Tensor x, Tensor weight, Tensor bias) => x.matmul(weight.t()) + bias;

    private static ArgumentException OtherGru() =>
        OperatorInputs.Unfit("OnnxGraph knows a GRU with linear_before_reset = 1 alone");
}

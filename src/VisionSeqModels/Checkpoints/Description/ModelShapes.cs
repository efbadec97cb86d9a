using VisionSeqModels.Models;

namespace VisionSeqModels.Checkpoints;

/// <summary>The weights that options ask for, by arithmetic alone.</summary>
/// <exception cref="OverflowException">A weight has more than 2^63 values.</exception>
internal static class ModelShapes
{
    public static IEnumerable<WeightShape> Of(LeNetOptions options)
    {
        long flat = checked((long)options.Conv2Channels * options.FinalHeight * options.FinalWidth);
        return
        [
            .. Convolution("conv1", options.InputChannels, options.Conv1Channels, options.KernelSize),
            .. Convolution("conv2", options.Conv1Channels, options.Conv2Channels, options.KernelSize),
            .. Linear("fc1", flat, options.Fc1Size),
            .. Linear("fc2", options.Fc1Size, options.Fc2Size),
            .. Linear("fc3", options.Fc2Size, options.OutputCount),
        ];
    }

    public static IEnumerable<WeightShape> Of(MlpOptions options)
    {
        long inputs = options.InputShape.Aggregate(1L, (product, side) => checked(product * side));
        int number = 0;
        return options
            .HiddenSizes.Append(options.OutputCount)
            .SelectMany(units =>
            {
                var layer = Linear($"fc{++number}", inputs, units);
                inputs = units;
                return layer;
            });
    }

    public static IEnumerable<WeightShape> Of(RecurrentCell cell, RecurrentOptions options)
    {
        int gates = cell switch
        {
            RecurrentCell.Lstm => 4,
            RecurrentCell.Gru => 3,
            _ => 1,
        };
        long hidden = options.HiddenSize;
        long rows = gates * hidden;
        string[] directions = options.Bidirectional ? ["", "_reverse"] : [""];
        for (long layer = 0; layer < options.LayerCount; layer++)
        {
            long inputs = layer == 0 ? options.InputSize : hidden * directions.Length;
            foreach (string direction in directions)
            {
                string end = $"l{layer}{direction}";
                yield return new WeightShape($"rnn.weight_ih_{end}", [rows, inputs]);
                yield return new WeightShape($"rnn.weight_hh_{end}", [rows, hidden]);
                yield return new WeightShape($"rnn.bias_ih_{end}", [rows]);
                yield return new WeightShape($"rnn.bias_hh_{end}", [rows]);
            }
        }

        foreach (var weight in Linear("fc", hidden * directions.Length, options.OutputCount))
        {
            yield return weight;
        }
    }

    private static IEnumerable<WeightShape> Convolution(string name, long inputs, long outputs, long kernel) =>
        [new($"{name}.weight", [outputs, inputs, kernel, kernel]), new($"{name}.bias", [outputs])];

    public static IEnumerable<WeightShape> Linear(string name, long inputs, long outputs) =>
        [new($"{name}.weight", [outputs, inputs]), new($"{name}.bias", [outputs])];
}

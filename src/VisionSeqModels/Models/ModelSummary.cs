using System.Globalization;
using System.Text;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Models;

/// <summary>The layers of a model, with their output shapes and parameter counts.</summary>
public sealed class ModelSummary
{
    internal ModelSummary(string model, IReadOnlyList<long> inputShape, IReadOnlyList<LayerSummary> layers, long bytes)
    {
        ModelName = model;
        InputShape = inputShape;
        Layers = layers;
        Bytes = bytes;
    }

    /// <summary>The model's name.</summary>
    public string ModelName { get; }

    /// <summary>The shape of the input that the model ran on, with the batch.</summary>
    public IReadOnlyList<long> InputShape { get; }

    /// <summary>The layers without sublayers, and those with parameters of their own, in the model's order.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>Elements of all parameters.</summary>
    public long ParameterCount => Layers.Sum(layer => layer.ParameterCount);

    /// <summary>Elements of the parameters that require gradients.</summary>
    public long TrainableCount => Layers.Sum(layer => layer.TrainableCount);

    /// <summary>Elements of the parameters that do not require gradients.</summary>
    public long FrozenCount => ParameterCount - TrainableCount;

    /// <summary>Bytes of all parameters and buffers.</summary>
    public long Bytes { get; }

    /// <summary>The table as text, for a fixed-width font.</summary>
    public override string ToString()
    {
        string[][] rows =
        [
            ["layer", "type", "output shape", "parameters"],
            .. Layers.Select(layer =>
                new[]
                {
                    layer.Name,
                    layer.Type,
                    layer.OutputShape is null ? "-" : Shape.Of([.. layer.OutputShape]),
                    Number(layer.ParameterCount),
                }
            ),
        ];
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder(
            string.Create(CultureInfo.InvariantCulture, $"{ModelName}, input {Shape.Of([.. InputShape])}\n")
        );
        foreach (string[] row in rows)
        {
            text.Append(row[0].PadRight(widths[0]))
                .Append("  ")
                .Append(row[1].PadRight(widths[1]))
                .Append("  ")
                .Append(row[2].PadRight(widths[2]))
                .Append("  ")
                .Append(row[3].PadLeft(widths[3]))
                .Append('\n');
        }

        return text.Append(
                CultureInfo.InvariantCulture,
                $"parameters {ParameterCount:n0}: {TrainableCount:n0} trainable, {FrozenCount:n0} frozen; "
                    + $"{Bytes / 1024.0:n1} KiB\n"
            )
            .ToString();
    }

    private static string Number(long value) => value.ToString("n0", CultureInfo.InvariantCulture);
}

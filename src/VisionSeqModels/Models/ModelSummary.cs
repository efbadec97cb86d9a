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

    /// <summary>All modules within the model, in the order in which they ran first, a module before those within it; last
    /// those that did not run.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>Elements of all parameters.</summary>
    public long ParameterCount => Layers.Sum(layer => layer.ParameterCount);

    /// <summary>Elements of the parameters that require gradients.</summary>
    public long TrainableCount => Layers.Sum(layer => layer.TrainableCount);

    /// <summary>Elements of the parameters that do not require gradients.</summary>
    public long FrozenCount => ParameterCount - TrainableCount;

    /// <summary>Multiplications with an addition in all layers where they are known, for the whole batch.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds ?? 0);

    /// <summary>Bytes of all parameters and buffers.</summary>
    public long Bytes { get; }

    /// <summary>The table as text, for a fixed-width font; what is within a module stands below it, further to the
    /// right.</summary>
    public override string ToString()
    {
        string[][] rows =
        [
            ["layer", "type", "kernel", "output shape", "calls", "parameters", "multiply-adds"],
            .. Layers.Select(layer =>
                new[]
                {
                    new string(' ', 2 * layer.Depth) + layer.Name.Split('.')[^1],
                    layer.Type,
                    layer.KernelSize is null ? "" : string.Join("×", layer.KernelSize),
                    layer.OutputShape is null ? "-" : Shape.Of([.. layer.OutputShape]),
                    Number(layer.CallCount),
                    Number(layer.ParameterCount) + (layer.SharesParameters ? " shared" : ""),
                    layer.MultiplyAdds is long cost ? Number(cost) : "?",
                }
            ),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder(
            string.Create(CultureInfo.InvariantCulture, $"{ModelName}, input {Shape.Of([.. InputShape])}\n")
        );
        foreach (string[] row in rows)
        {
            // names to the left, numbers to the right
            text.AppendJoin("  ", row.Select((cell, i) => i < 4 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
                .Append('\n');
        }

        return text.Append(
                CultureInfo.InvariantCulture,
                $"parameters {ParameterCount:n0}: {TrainableCount:n0} trainable, {FrozenCount:n0} frozen; "
                    + $"{Bytes / 1024.0:n1} KiB; {MultiplyAdds:n0} multiply-adds\n"
            )
            .ToString();
    }

    private static string Number(long value) => value.ToString("n0", CultureInfo.InvariantCulture);
}

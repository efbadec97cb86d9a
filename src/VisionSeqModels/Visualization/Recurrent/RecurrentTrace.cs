using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What a recurrent model computes step by step for one input: hidden states, and for LSTM and GRU their
/// gates.</summary>
/// <remarks>The values are computed from the weights and equal the model's own outputs up to rounding (a test holds them to
/// 1e-5). It holds plain numbers: there is nothing to dispose. The picture of gates over time is after Karpathy, Johnson and
/// Fei-Fei, "Visualizing and understanding recurrent networks" (2015).</remarks>
public sealed record RecurrentTrace
{
    /// <summary>The kind of cell, as <see cref="IRecurrentModel.CellName"/> gives it, for example <c>LSTM</c>; in JSON in
    /// lower case.</summary>
    [JsonIgnore]
    public required string Cell { get; init; }

    [JsonInclude, JsonPropertyName("cell"), JsonPropertyOrder(-1)]
    internal string CellInJson => Cell.ToLowerInvariant();

    /// <summary>Which layer, from 0 for the one next to the input; its forward direction.</summary>
    public required int Layer { get; init; }

    /// <summary>The hidden state after each step, <c>[steps][units]</c>.</summary>
    public required IReadOnlyList<double[]> HiddenStates { get; init; }

    /// <summary>The cell state after each step, <c>[steps][units]</c>; null for a cell without one, such as a
    /// GRU.</summary>
    public IReadOnlyList<double[]>? CellStates { get; init; }

    /// <summary>Each gate at each step, <c>[steps][units]</c>, by name: <c>input</c>, <c>forget</c>, <c>candidate</c>,
    /// <c>output</c> of an LSTM; <c>reset</c>, <c>update</c>, <c>candidate</c> of a GRU; of another model those of its
    /// <see cref="RecurrentStep.Gates"/>. Candidates lie in −1..1, all others in 0..1.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double[]>> Gates { get; init; }

    /// <summary>Runs one input through a model, step by step.</summary>
    /// <param name="model">The model; it runs on its own device, in evaluation mode. Modes are restored afterwards.</param>
    /// <param name="input">One image <c>[1, channels, height, width]</c> or sequence <c>[1, time, features]</c>, float32,
    /// normalised, on any device.</param>
    /// <param name="options">Which layer; null for the defaults.</param>
    /// <param name="cancellationToken">Checked before the model runs.</param>
    /// <exception cref="InvalidOptionsException">Options out of range.</exception>
    /// <exception cref="ArgumentException">More than one input, or no such layer.</exception>
    /// <exception cref="ShapeMismatchException">The input does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static RecurrentTrace Measure<TModel>(
        TModel model,
        Tensor input,
        RecurrentTraceOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TModel : nn.Module<Tensor, Tensor>, IRecurrentModel
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(input);
        options ??= new RecurrentTraceOptions();
        options.Validate();
        int layer = options.Layer ?? model.LayerCount - 1;
        if (layer >= model.LayerCount || input.dim() == 0 || input.size(0) != 1)
        {
            throw new ArgumentException(
                $"A trace is of one input and one layer of {model.LayerCount}, but the input has shape "
                    + $"{Shape.Of(input)} and the layer is {layer}. Give input[i..(i + 1)] and a layer from 0."
            );
        }

        cancellationToken.ThrowIfCancellationRequested();
        using var modes = ModuleModes.Evaluating(model);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var steps = model.Unroll(model.ToSequence(input.to(ModelDevice.Of(model)))).Layers[layer];
        return new RecurrentTrace
        {
            Cell = model.CellName,
            Layer = layer,
            HiddenStates = Numbers(steps.Select(step => step.Hidden)),
            CellStates = steps[0].Cell is null ? null : Numbers(steps.Select(step => step.Cell!)),
            Gates = steps[0]
                .Gates.Keys.ToDictionary(
                    name => name,
                    name => Numbers(steps.Select(step => step.Gates[name])),
                    StringComparer.Ordinal
                ),
        };
    }

    /// <summary>Draws the hidden states: a row for each unit, a column for each step, blue below 0 and orange above.</summary>
    /// <param name="image">The image to show beside them; default none.</param>
    /// <param name="title">The title; null for a plain one.</param>
    public Picture Draw(ImageTile? image = null, string? title = null) =>
        Draw(
            HiddenStates,
            title ?? $"{Name}: hidden state over time",
            "hidden state",
            ValueScale.Symmetric(HiddenStates.SelectMany(step => step)),
            ColorMap.Diverging,
            image
        );

    /// <summary>Draws the gates, and the cell states where there are any, in two columns of heat maps: a row for each unit, a
    /// column for each step.</summary>
    /// <param name="image">The image to show beside them; default none.</param>
    /// <exception cref="InvalidOperationException">The cell has no gates.</exception>
    public Picture DrawGates(ImageTile? image = null)
    {
        if (Gates.Count == 0)
        {
            throw new InvalidOperationException($"The cell {Cell} has no gates. Draw shows its hidden states.");
        }

        var pictures = Gates.Select(gate =>
            gate.Key == "candidate"
                ? Draw(gate.Value, $"{Name}: candidate", "candidate", ValueScale.Fixed(-1, 1), ColorMap.Diverging, image)
                : Draw(
                    gate.Value,
                    $"{Name}: {gate.Key} gate",
                    "fraction let through",
                    ValueScale.Fixed(0, 1),
                    ColorMap.Sequential,
                    image
                )
        );
        var cells = CellStates is null
            ? []
            : new[]
            {
                Draw(
                    CellStates,
                    $"{Name}: cell state",
                    "cell state",
                    ValueScale.Symmetric(CellStates.SelectMany(step => step)),
                    ColorMap.Diverging,
                    image
                ),
            };
        return Picture.Tiled([.. pictures, .. cells], columns: 2);
    }

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);

    private string Name => $"{Cell}, layer {Layer}";

    private static Picture Draw(
        IReadOnlyList<double[]> steps,
        string title,
        string meaning,
        ValueScale scale,
        ColorMap map,
        ImageTile? image
    )
    {
        return HeatMap.Draw(
            Tables.OfColumns(steps),
            new HeatMapOptions
            {
                Title = title,
                RowTitle = "unit",
                ColumnTitle = "step",
                ColumnNumbers = (1, 1),
                Meaning = meaning,
                Scale = scale,
                Map = map,
                Image = image,
            }
        );
    }

    private static IReadOnlyList<double[]> Numbers(IEnumerable<Tensor> steps) =>
        [.. steps.Select(step => TensorNumbers.Doubles(step[0]))];
}

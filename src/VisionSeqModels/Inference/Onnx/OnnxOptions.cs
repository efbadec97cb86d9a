using VisionSeqModels.Core;
using VisionSeqModels.Inference;

namespace VisionSeqModels;

/// <summary>How <see cref="OnnxExtensions"/> writes a model.</summary>
public sealed record OnnxOptions
{
    internal const int OldestOpset = 13;
    internal const int NewestOpset = 21;

    /// <summary>The version of ONNX's operators that the file states; default 17, from 13 to 21. ONNX Runtime 1.12 and later
    /// run 17.</summary>
    public int Opset { get; init; } = 17;

    /// <summary>What the graph takes; default null: <see cref="OnnxInput.Pixels"/> where <see cref="Normalization"/> is
    /// known, <see cref="OnnxInput.Features"/> where <see cref="Features"/> is known, <see cref="OnnxInput.Indices"/> where
    /// the model begins with an embedding, else <see cref="OnnxInput.Normalized"/>.</summary>
    public OnnxInput? Input { get; init; }

    /// <summary>What the graph gives; default null: <see cref="OnnxOutput.Values"/> where the model gives values and
    /// <see cref="Targets"/> is known, else <see cref="OnnxOutput.Scores"/>.</summary>
    public OnnxOutput? Output { get; init; }

    /// <summary>The shape of one sample, without the batch, for example <c>[3, 32, 32]</c>; default null: what the model says
    /// (<see cref="IConfiguredModel.InputShape"/>). A recurrent model that gets <c>[channels, height, width]</c> cuts images;
    /// else it reads sequences <c>[time, features]</c>.</summary>
    public IReadOnlyList<long>? InputShape { get; init; }

    /// <summary>How pixels become inputs; default null: not known.</summary>
    public ImageNormalization? Normalization { get; init; }

    /// <summary>How pictures become images, for the file's metadata; default null: not known.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>How features of a step become inputs; default null: not known.</summary>
    public FeatureNormalization? Features { get; init; }

    /// <summary>How numbers became the targets that the model learned; default null: not known.</summary>
    public FeatureNormalization? Targets { get; init; }

    /// <summary>The name of each class, label or value, for the file's metadata; default null: none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Whether the graph takes batches of any size; default true. Otherwise it takes one sample.</summary>
    public bool DynamicBatch { get; init; } = true;

    /// <summary>Whether the graph of a recurrent model takes sequences of any number of steps; default true. Otherwise
    /// <see cref="InputShape"/> says how many.</summary>
    public bool DynamicTime { get; init; } = true;

    /// <summary>Whether the graph has a second input <c>lengths</c>, <c>[batch]</c>, int64: how many steps of each sequence
    /// count; default false. It needs an <see cref="ISequenceModel"/>.</summary>
    public bool Lengths { get; init; }

    /// <summary>Converters for modules of types that are not your own, by their exact type; default none. One here goes before
    /// those of the library.</summary>
    public IReadOnlyDictionary<Type, OnnxConverter> Converters { get; init; } = new Dictionary<Type, OnnxConverter>();

    /// <summary>Whether <see cref="ClassNames"/> came from data.</summary>
    internal bool HasNamesOfData { get; init; }

    /// <exception cref="InvalidOptionsException">Options out of range; the message names every one.</exception>
    internal void Validate() =>
        new OptionFaults(nameof(OnnxOptions))
            .Require(Opset is >= OldestOpset and <= NewestOpset, nameof(Opset), $"from {OldestOpset} to {NewestOpset}", Opset)
            .Require(
                Input is null || Enum.IsDefined(Input.Value),
                nameof(Input),
                "null, Normalized, Pixels, Features or Indices",
                Input
            )
            .Require(
                Output is null || Enum.IsDefined(Output.Value),
                nameof(Output),
                "null, Scores, Probabilities or Values",
                Output
            )
            .Require(
                InputShape is null || (InputShape.Count > 0 && InputShape.All(size => size > 0)),
                nameof(InputShape),
                "null or sizes of at least 1",
                InputShape?.Count is 0 ? "empty" : OptionFaults.Text(InputShape?.Select(size => (double)size))
            )
            .Require(
                ClassNames is null || (ClassNames.Count > 0 && !ClassNames.Contains(null!)),
                nameof(ClassNames),
                "null or a name for each class",
                ClassNames?.Count is 0 ? "empty" : "one with null in it"
            )
            .Require(
                Converters?.Values.Contains(null!) == false,
                nameof(Converters),
                "functions by type, none of them null",
                Converters is null ? null : "one with null in it"
            )
            .Include(nameof(Preparation), Preparation?.Faults() ?? [])
            .ThrowIfAny();
}

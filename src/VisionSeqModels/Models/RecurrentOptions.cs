using System.Text.Json.Serialization;
using VisionSeqModels.Core;
using VisionSeqModels.Models;

namespace VisionSeqModels;

/// <summary>The sizes of a recurrent classifier; the defaults are the homework's network for the rows of 28×28 grey
/// images.</summary>
public sealed record RecurrentOptions
{
    /// <summary>Features of a step; default 28, at least 1. Of images cut by <see cref="Sequence"/> it must be what a step
    /// then has: for rows, channels × width.</summary>
    public int InputSize { get; init; } = 28;

    /// <summary>Units of each layer and direction; default 128, at least 1.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>How many layers are stacked; default 1, at least 1.</summary>
    [JsonPropertyName("layers")]
    public int LayerCount { get; init; } = 1;

    /// <summary>Whether a second network reads the sequence from its end; default false. The classifier then has 2 ×
    /// <see cref="HiddenSize"/> features.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>The fraction of each layer's outputs, but the last layer's, that is dropped in training; default 0, below 1.
    /// Above 0 it needs two layers or more.</summary>
    public double Dropout { get; init; }

    /// <summary>The vanilla network's function; default <see cref="ActivationFunction.Tanh"/>. LSTM and GRU have their
    /// own.</summary>
    public ActivationFunction Nonlinearity { get; init; } = ActivationFunction.Tanh;

    /// <summary>Which output feeds the classifier; default <see cref="SequenceReadout.Last"/>.</summary>
    public SequenceReadout Readout { get; init; } = SequenceReadout.Last;

    /// <summary>What the outputs are; default <see cref="ModelOutput.Classes"/>.</summary>
    public ModelOutput Output { get; init; } = ModelOutput.Classes;

    /// <summary>Number of classes, or of independent labels where <see cref="Output"/> is <see cref="ModelOutput.Labels"/>;
    /// default 10, at least 2 classes or 1 label. <see cref="ModelOutput.Values"/> does not use it.</summary>
    public int ClassCount { get; init; } = 10;

    /// <summary>Number of real outputs where <see cref="Output"/> is <see cref="ModelOutput.Values"/>; default 1, at least
    /// 1.</summary>
    public int ValueCount { get; init; } = 1;

    /// <summary>How images become sequences; default <see cref="ImageSequence.Rows"/>. An input that is a sequence already
    /// stays as it is.</summary>
    public ImageSequence Sequence { get; init; } = ImageSequence.Rows;

    /// <summary>Side of a patch in pixels, for <see cref="ImageSequence.Patches"/>; default 4, at least 1. It must divide
    /// the images' height and width.</summary>
    public int PatchSize { get; init; } = 4;

    /// <summary>The value that fills the steps after a sequence's end; default null: all steps count.</summary>
    /// <remarks>The steps at the end whose features all have this value are left out. So a <c>Trainer</c>, whose modules take
    /// one tensor, trains on sequences of several lengths. Finding the ends makes the host wait for the device.</remarks>
    public double? PaddingValue { get; init; }

    /// <summary>Whether the recurrent weights begin as orthogonal matrices, one for each gate; default false, PyTorch's uniform
    /// distribution. Saxe et al., "Exact solutions to the nonlinear dynamics of learning" (2014).</summary>
    public bool OrthogonalRecurrentWeights { get; init; }

    /// <summary>The initial bias of an LSTM's forget gates (the sum of PyTorch's two biases); default null, PyTorch's uniform
    /// distribution. 1 helps the network to remember. Jozefowicz et al., "An empirical exploration of recurrent
    /// network architectures" (2015).</summary>
    public double? ForgetGateBias { get; init; }

    /// <summary>Seed of the initial weights; default null, which draws them from PyTorch's global generator. With a seed
    /// they are the same each time, and the global generator is left as it was.</summary>
    public long? Seed { get; init; }

    /// <summary>The default sizes for the rows of a data set's images: features of a step and classes are the data
    /// set's.</summary>
    /// <param name="data">The data set.</param>
    public static RecurrentOptions For(ImageDatasets data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new RecurrentOptions { InputSize = data.Channels * data.Width, ClassCount = data.ClassNames.Count };
    }

    /// <summary>The default sizes for a data set of sequences: features of a step, and classes or numbers, are the data set's;
    /// with a target at each step the readout is <see cref="SequenceReadout.EachStep"/>.</summary>
    /// <param name="data">The data set.</param>
    public static RecurrentOptions For(SequenceDatasets data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var options = new RecurrentOptions
        {
            InputSize = data.FeatureNames.Count,
            Readout = data.Train.HasStepTargets ? SequenceReadout.EachStep : SequenceReadout.Last,
        };
        return data.ClassNames is null
            ? options with
            {
                Output = ModelOutput.Values,
                ValueCount = data.ValueCount,
            }
            : options with
            {
                ClassCount = data.ClassNames.Count,
            };
    }

    /// <summary>Size of the last layer.</summary>
    internal int OutputCount => OutputSize.Of(Output, ClassCount, ValueCount);

    /// <summary>Features of the classifier's input.</summary>
    internal int StateSize => HiddenSize * (Bidirectional ? 2 : 1);

    internal void Validate(RecurrentCell cell) =>
        new OptionFaults(nameof(RecurrentOptions))
            .AtLeast(1, nameof(InputSize), InputSize)
            .AtLeast(1, nameof(HiddenSize), HiddenSize)
            .AtLeast(1, nameof(LayerCount), LayerCount)
            .BelowOne(nameof(Dropout), Dropout)
            .Require(
                Dropout == 0 || LayerCount != 1,
                nameof(Dropout),
                "0 where there is one layer, since it acts between layers",
                Dropout
            )
            .Require(Enum.IsDefined(Nonlinearity), nameof(Nonlinearity), "Tanh or ReLU", Nonlinearity)
            .Require(
                cell == RecurrentCell.Rnn || Nonlinearity != ActivationFunction.ReLU,
                nameof(Nonlinearity),
                $"Tanh for the cell {cell}",
                Nonlinearity
            )
            .Require(Enum.IsDefined(Readout), nameof(Readout), "Last, Mean, Max or EachStep", Readout)
            .Outputs(Output, ClassCount, ValueCount)
            .Require(Enum.IsDefined(Sequence), nameof(Sequence), "Rows, Columns, Pixels or Patches", Sequence)
            .AtLeast(1, nameof(PatchSize), PatchSize)
            .Require(
                PaddingValue is null || Readout != SequenceReadout.EachStep,
                nameof(PaddingValue),
                "null where Readout is EachStep, whose losses take the lengths of the batch",
                PaddingValue
            )
            .Require(
                PaddingValue is null || double.IsFinite(PaddingValue.Value),
                nameof(PaddingValue),
                "null or a finite number",
                PaddingValue
            )
            .Require(
                ForgetGateBias is null || double.IsFinite(ForgetGateBias.Value),
                nameof(ForgetGateBias),
                "null or a finite number",
                ForgetGateBias
            )
            .Require(
                ForgetGateBias is null || cell == RecurrentCell.Lstm,
                nameof(ForgetGateBias),
                $"null for the cell {cell}, which has no forget gate",
                ForgetGateBias
            )
            .ThrowIfAny();
}

using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Kernels;
using VisionSeqModels.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VisionSeqModels.Models;

/// <summary>A recurrent network (RNN, LSTM or GRU) over sequences, or over images read as sequences, and a linear classifier
/// of its output. Made by <see cref="SequenceModels"/>.</summary>
/// <remarks>Parameters have PyTorch's names: <c>rnn.weight_ih_l0</c>, <c>rnn.weight_hh_l0</c>, <c>rnn.bias_ih_l0</c>,
/// <c>rnn.bias_hh_l0</c>, with <c>_l1</c> and so on for further layers and <c>_reverse</c> for the second direction;
/// <c>fc.weight</c>, <c>fc.bias</c>. Whoever builds the model disposes it.</remarks>
public sealed class RecurrentClassifier : Module<Tensor, Tensor>, IConfiguredModel, IRecurrentModel, ISequenceModel
{
    // TorchSharp registers fields under their own names: these are the names in checkpoints.
#pragma warning disable IDE1006
    private readonly Module rnn;
    private readonly Linear fc;
#pragma warning restore IDE1006
    private readonly SequenceInput _input;
    private readonly FastRecurrentLayer? _fast;
    private readonly FastDense? _dense;
    private readonly WeightShapes _weights; // of the recurrent layers

    internal RecurrentClassifier(RecurrentCell cell, RecurrentOptions options)
        : base($"{cell.ToString().ToUpperInvariant()} classifier")
    {
        Cell = cell;
        Options = options;
        _input = new SequenceInput(options);
        rnn = RecurrentLayers.Create(cell, options);
        fc = Linear(options.StateSize, options.OutputCount);
        RecurrentInitialization.Apply(rnn, options);
        RegisterComponents();
        _fast = KernelSelection.RecurrentLayer(rnn, cell, options);
        _dense = KernelSelection.Dense(fc);
        _weights = new WeightShapes(rnn);
    }

    /// <summary>The kind of network.</summary>
    public RecurrentCell Cell { get; }

    /// <summary>The sizes the model was built with.</summary>
    public RecurrentOptions Options { get; }

    object IConfiguredModel.Options => Options;

    IReadOnlyList<long> IConfiguredModel.InputShape => [1, 1, Options.InputSize];

    ModelOutput IConfiguredModel.Output => Options.Output;

    bool IConfiguredModel.OutputsEachStep => Options.Readout == SequenceReadout.EachStep;

    string IRecurrentModel.CellName => Cell.ToString().ToUpperInvariant();

    int IRecurrentModel.LayerCount => Options.LayerCount;

    internal Module Layers => rnn;

    /// <summary>Computes class scores (logits, before softmax), or the real outputs or label scores that the options ask
    /// for.</summary>
    /// <param name="input">Sequences <c>[batch, time, features]</c>, or images <c>[batch, channels, height, width]</c> that
    /// are cut as <see cref="RecurrentOptions.Sequence"/> says; float32, normalised.</param>
    /// <returns>Outputs, <c>[batch, outputs]</c>, with <see cref="SequenceReadout.EachStep"/> <c>[batch, time, outputs]</c>,
    /// float32; they belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="ShapeMismatchException">The input does not fit the model, or a sequence has no step.</exception>
    /// <exception cref="ArgumentException">The input has another dtype than the weights.</exception>
    /// <exception cref="InvalidOperationException">A recurrent weight has another shape than the model was built
    /// with.</exception>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var sequence = Read(input);
        return Classify(sequence, Lengths(sequence)).MoveToOuterDisposeScope();
    }

    /// <summary>Computes class scores of sequences of several lengths; values after a sequence's end have no
    /// influence.</summary>
    /// <param name="input">As for <see cref="forward(Tensor)"/>, each sequence padded to the longest with any values.</param>
    /// <param name="lengths">The number of steps of each sequence that count, <c>[batch]</c>, any integer dtype and device;
    /// at least 1, at most the steps there are.</param>
    /// <inheritdoc cref="forward(Tensor)"/>
    /// <exception cref="ArgumentException">The lengths do not fit the input, or its dtype is not that of the
    /// weights.</exception>
    public Tensor forward(Tensor input, Tensor lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        using var scope = NewDisposeScope();
        var sequence = Read(input);
        return Classify(sequence, CheckedLengths(sequence, lengths)).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the last layer's output at every step.</summary>
    /// <param name="input">As for <see cref="forward(Tensor)"/>.</param>
    /// <returns><c>[batch, time, hidden]</c>, with two directions twice as wide, float32; it belongs to the current dispose
    /// scope, else to the caller.</returns>
    /// <exception cref="ShapeMismatchException">The input does not fit the model.</exception>
    /// <exception cref="ArgumentException">The input has another dtype than the weights.</exception>
    /// <exception cref="InvalidOperationException">A recurrent weight has another shape than the model was built
    /// with.</exception>
    public Tensor HiddenStates(Tensor input)
    {
        using var scope = NewDisposeScope();
        var sequence = Read(input);
        return (
            _fast?.IsChosen(sequence) == true ? _fast.Run(sequence, lastOnly: false) : RecurrentLayers.Run(rnn, sequence).Outputs
        ).MoveToOuterDisposeScope();
    }

    Tensor IRecurrentModel.ToSequence(Tensor input) => _input.Read(input);

    Tensor IRecurrentModel.Classify(Tensor sequence) => call(sequence);

    UnrolledNetwork IRecurrentModel.Unroll(Tensor sequence)
    {
        return Unrolled(sequence, Lengths(sequence));
    }

    Tensor IRecurrentModel.Classify(Tensor sequence, Tensor lengths) => SequenceCall.Of(this, sequence, lengths);

    UnrolledNetwork IRecurrentModel.Unroll(Tensor sequence, Tensor lengths)
    {
        lengths = CheckedLengths(sequence, lengths);
        var isPadding = StepMask.Of(lengths, sequence.size(1), sequence.device).logical_not().unsqueeze(2);
        return Unrolled(sequence.masked_fill(isPadding, Scalars.Zero), lengths); // NaN there would reach the gradients
    }

    private UnrolledNetwork Unrolled(Tensor sequence, Tensor? lengths)
    {
        var unrolled = UnrolledLayers.Of(rnn, sequence, Options.Nonlinearity, lengths);
        return new UnrolledNetwork { Layers = unrolled.Layers, Scores = Head(unrolled.Outputs, unrolled.Final, lengths) };
    }

    /// <summary>Computes the class scores from the last layer's outputs and all layers' final states.</summary>
    internal Tensor Head(Tensor outputs, Tensor final, Tensor? lengths = null) =>
        Scores(
            Options.Readout switch
            {
                SequenceReadout.Last => Options.Bidirectional ? cat([final[-2], final[-1]], 1) : final[-1],
                SequenceReadout.Mean => lengths is null
                    ? outputs.mean([1])
                    : outputs.sum(1) / lengths.to(outputs.device).unsqueeze(1),
                SequenceReadout.EachStep => outputs,
                _ => (lengths is null ? outputs : WithoutPadding(outputs, lengths)).amax([1]),
            }
        );

    private Tensor Scores(Tensor values) => _dense?.Supports(values) == true ? _dense.Run(values) : fc.call(values);

    private Tensor Read(Tensor input)
    {
        InputDtype.Check(GetName(), _weights.Weights, input);
        _weights.Check(GetName());
        return _input.Read(input);
    }

    /// <summary>How many steps of each sequence count, by the padding; null where all do.</summary>
    private Tensor? Lengths(Tensor sequence) =>
        Options.PaddingValue is double padding ? SequenceInput.Lengths(sequence, padding) : null;

    private Tensor Classify(Tensor sequence, Tensor? lengths)
    {
        if (lengths is null && _fast?.IsChosen(sequence) == true)
        {
            bool lastOnly = Options.Readout == SequenceReadout.Last;
            var states = _fast.Run(sequence, lastOnly);
            return lastOnly ? Scores(states) : Head(states, states);
        }

        var (outputs, final) = lengths is null ? RecurrentLayers.Run(rnn, sequence) : RecurrentLayers.Run(rnn, sequence, lengths);
        return Head(outputs, final, lengths);
    }

    private static Tensor WithoutPadding(Tensor outputs, Tensor lengths)
    {
        var isPadding = StepMask.Of(lengths, outputs.size(1), outputs.device).logical_not();
        return outputs.masked_fill(isPadding.unsqueeze(2), Scalars.Of(double.NegativeInfinity));
    }

    private static Tensor CheckedLengths(Tensor sequence, Tensor lengths)
    {
        if (lengths.dim() != 1 || lengths.size(0) != sequence.size(0) || !lengths.is_integral())
        {
            throw new ArgumentException(
                $"The lengths must be {sequence.size(0)} whole numbers of shape [{sequence.size(0)}], one a sequence, "
                    + $"but are {lengths.dtype} of shape {Shape.Of(lengths)}.",
                nameof(lengths)
            );
        }

        var onCpu = lengths.to(ScalarType.Int64).cpu();
        foreach (long length in onCpu.data<long>())
        {
            if (length < 1 || length > sequence.size(1))
            {
                throw new ArgumentException(
                    $"Each length must be from 1 to {sequence.size(1)}, the steps of the input of shape "
                        + $"{Shape.Of(sequence)}, but one is {length}.",
                    nameof(lengths)
                );
            }
        }

        return onCpu;
    }
}

using TorchSharp.Modules;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>What a graph takes and gives, and two small random inputs to try it on. They differ in every size that may
/// differ.</summary>
internal sealed class OnnxInputs
{
    private const int StepsWithoutNumber = 5;
    private const int FurtherSteps = 3;
    private const ulong Seed = 1;

    private OnnxInputs(OnnxInput kind, OnnxOutput output, long[] sample, OnnxOptions options)
    {
        (Kind, Output, Sample, Options) = (kind, output, sample, options);
    }

    public OnnxInput Kind { get; }

    public OnnxOutput Output { get; }

    /// <summary>What the model's outputs are compared with; null where it does not say.</summary>
    public ModelOutput? Targets { get; private init; }

    /// <summary>The shape of one sample; the time is that of the first input.</summary>
    public long[] Sample { get; }

    public OnnxOptions Options { get; }

    public bool HasDynamicTime { get; private init; }

    /// <summary>What the graph takes.</summary>
    public IReadOnlyList<Tensor> Raw { get; private set; } = [];

    /// <summary>The lengths of the sequences; null where the graph does not take them.</summary>
    public IReadOnlyList<Tensor>? Lengths { get; private set; }

    /// <summary>The symbolic name of a size that differs between the two inputs.</summary>
    public string NameOf(long one, long other) =>
        (one, other) == (1, 2) ? "batch"
        : HasDynamicTime && (one, other) == (Sample[0], Sample[0] + FurtherSteps) ? "time"
        : "";

    /// <exception cref="InvalidOptionsException">The options do not fit the model.</exception>
    public static OnnxInputs Of(nn.Module model, OnnxOptions options)
    {
        var configured = model as IConfiguredModel;
        bool isRecurrent = model is IRecurrentModel or ISequenceModel;
        var known = options.InputShape ?? configured?.InputShape?.Skip(1).ToArray();
        bool hasDynamicTime = isRecurrent && known?.Count == 2 && options.DynamicTime;
        var kind =
            options.Input
            ?? (
                options.Normalization is not null && known?.Count == 3 ? OnnxInput.Pixels
                : options.Features is not null ? OnnxInput.Features
                : FirstLayer(model) is Embedding ? OnnxInput.Indices
                : OnnxInput.Normalized
            );
        var targets = configured?.Output;
        bool givesValues = targets == ModelOutput.Values;
        var output = options.Output ?? (givesValues && options.Targets is not null ? OnnxOutput.Values : OnnxOutput.Scores);
        OnnxInputFaults.Check(model, options, known, kind, output);
        long[] sample = [.. known!];
        if (hasDynamicTime && sample[0] == 1)
        {
            sample[0] = StepsWithoutNumber;
        }

        var inputs = new OnnxInputs(kind, output, sample, options) { HasDynamicTime = hasDynamicTime, Targets = targets };
        inputs.Draw(model);
        return inputs;
    }

    /// <summary>The first module that has none within it.</summary>
    private static nn.Module? FirstLayer(nn.Module model) =>
        model is Sequential && model.named_children().FirstOrDefault().module is nn.Module first ? FirstLayer(first) : model;

    private void Draw(nn.Module model)
    {
        using var generator = new Generator(Seed);
        long count = model.modules().Prepend(model).OfType<Embedding>().Select(Count).FirstOrDefault(1);
        Raw = [.. Enumerable.Range(0, 2).Select(index => Drawn(Shape(index), count, generator))];
        if (model is RecurrentClassifier { Options.PaddingValue: double padding } && Sample.Length == 2 && Sample[0] > 1)
        {
            Raw[1][-1, -1] = padding; // the last sequence of the second input ends one step early
        }

        if (Options.Lengths)
        {
            Lengths = [.. Raw.Select(LengthsOf)];
        }
    }

    /// <summary>The first sequence is whole; each one after it is a step shorter.</summary>
    private static Tensor LengthsOf(Tensor input)
    {
        var (longest, end) = (Scalars.Of(input.size(1)), Scalars.Of(input.size(1) - input.size(0)));
        return arange(longest, end, Scalars.Of(-1)).clamp(Scalars.One);
    }

    private static long Count(Embedding embedding)
    {
        using var weight = embedding.weight!;
        return weight.size(0);
    }

    private long[] Shape(int index)
    {
        long[] shape = [Options.DynamicBatch ? index + 1 : 1, .. Sample];
        if (HasDynamicTime && index == 1)
        {
            shape[1] += FurtherSteps;
        }

        return shape;
    }

    private Tensor Drawn(long[] shape, long count, Generator generator) =>
        Kind switch
        {
            OnnxInput.Pixels => randint(0, 256, shape, dtype: ScalarType.Int64, generator: generator).to_type(ScalarType.Byte),
            OnnxInput.Indices => randint(0, count, shape, dtype: ScalarType.Int64, generator: generator),
            OnnxInput.Features => (randn(shape, generator: generator) * Row(Options.Features!.StandardDeviation))
                + Row(Options.Features!.Mean),
            _ => randn(shape, generator: generator),
        };

    private static Tensor Row(IReadOnlyList<double> values) => tensor(values.Select(value => (float)value).ToArray());
}

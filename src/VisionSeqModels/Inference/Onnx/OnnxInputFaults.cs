using VisionSeqModels.Core;
using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Checks that options of an export fit the model.</summary>
internal static class OnnxInputFaults
{
    /// <exception cref="InvalidOptionsException">They do not; the message names every fault.</exception>
    public static void Check(nn.Module model, OnnxOptions options, IReadOnlyList<long>? sample, OnnxInput kind, OnnxOutput output)
    {
        var faults = new OptionFaults(nameof(OnnxOptions)).Require(
            sample is not null,
            nameof(OnnxOptions.InputShape),
            $"the shape of one sample, for example [3, 32, 32], since '{OnnxPlaces.NameOf(model)}' does not say it",
            null
        );
        if (sample is not null)
        {
            CheckInput(faults, model, options, sample, kind);
        }

        CheckOutput(faults, model, options, output);
        faults.ThrowIfAny();
    }

    private static void CheckInput(
        OptionFaults faults,
        nn.Module model,
        OnnxOptions options,
        IReadOnlyList<long> sample,
        OnnxInput kind
    )
    {
        var modelOptions = (model as RecurrentClassifier)?.Options;
        faults
            .Require(
                options.DynamicTime || options.InputShape is not null || model is not IRecurrentModel || sample.Count != 2,
                nameof(OnnxOptions.InputShape),
                "[time, features], since DynamicTime is false",
                null
            )
            .Require(
                kind != OnnxInput.Pixels || sample.Count == 3,
                nameof(OnnxOptions.InputShape),
                "[channels, height, width] where Input is Pixels",
                OptionFaults.Text(sample.Select(size => (double)size))
            )
            .Require(
                !options.Lengths || (model is ISequenceModel && sample.Count == 2),
                nameof(OnnxOptions.Lengths),
                "false, since the graph does not read sequences by an ISequenceModel",
                options.Lengths
            )
            .Require(
                kind != OnnxInput.Features || modelOptions?.PaddingValue is null || options.Lengths,
                nameof(OnnxOptions.Lengths),
                "true where Input is Features and the model has a PaddingValue, which normalising would change",
                options.Lengths
            );
        if (kind == OnnxInput.Pixels && sample.Count == 3)
        {
            faults.Require(
                options.Normalization is not null,
                nameof(OnnxOptions.Normalization),
                "given for Input = Pixels",
                null
            );
            faults.Include(nameof(OnnxOptions.Normalization), options.Normalization?.Faults(sample[0]) ?? []);
        }

        if (kind == OnnxInput.Features)
        {
            faults.Require(options.Features is not null, nameof(OnnxOptions.Features), "given for Input = Features", null);
            faults.Include(nameof(OnnxOptions.Features), options.Features?.Faults(sample[^1]) ?? []);
        }
    }

    private static void CheckOutput(OptionFaults faults, nn.Module model, OnnxOptions options, OnnxOutput output)
    {
        bool givesValues = model is IConfiguredModel { Output: ModelOutput.Values };
        faults
            .Require(
                output != OnnxOutput.Probabilities || !givesValues,
                nameof(OnnxOptions.Output),
                "Scores or Values for a model that gives values",
                output
            )
            .Require(
                output != OnnxOutput.Values || options.Targets is not null,
                nameof(OnnxOptions.Targets),
                "given where Output is Values",
                null
            );
    }
}

using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Inference;

/// <summary>Fills in options from data.</summary>
internal static class OnnxData
{
    public static OnnxOptions Complete(OnnxOptions options, nn.Module model, IBatchSource data) =>
        data switch
        {
            IImageSource images => options with
            {
                InputShape = options.InputShape ?? [images.Channels, images.Height, images.Width],
                Normalization = options.Normalization ?? images.Normalization,
                Preparation = options.Preparation ?? images.Preparation,
                ClassNames = options.ClassNames ?? NamesFor(model, images.ClassNames),
                HasNamesOfData = options.ClassNames is null,
            },
            ISequenceSource sequences => options with
            {
                Features = options.Features ?? sequences.Normalization,
                Targets = options.Targets ?? sequences.TargetNormalization,
                ClassNames = options.ClassNames ?? NamesFor(model, sequences.ClassNames),
                HasNamesOfData = options.ClassNames is null,
            },
            _ => options,
        };

    /// <summary>A model of values has no classes, whatever its data have.</summary>
    private static IReadOnlyList<string>? NamesFor(nn.Module model, IReadOnlyList<string>? names) =>
        model is IConfiguredModel { Output: ModelOutput.Values } || names?.Count == 0 ? null : names;
}

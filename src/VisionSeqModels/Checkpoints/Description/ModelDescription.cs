using System.Text.Json.Nodes;
using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;

namespace VisionSeqModels;

/// <summary>What is needed to use saved weights: which model they are of, what its inputs must be, and what its outputs
/// mean.</summary>
/// <remarks>It stands as JSON in the file's <c>__metadata__</c>, under the key <c>visionseqmodels</c>.</remarks>
public sealed record ModelDescription
{
    /// <summary>The builder of the model: <c>lenet</c>, <c>mlp</c>, <c>resnet</c>, <c>rnn</c>, <c>lstm</c> or
    /// <c>gru</c>. Of a module of your own it is <c>custom:</c> and the name of its type.</summary>
    public required string Architecture { get; init; }

    /// <summary>The options that the model was built with, as <c>run.json</c> has them; null where it does not know
    /// them.</summary>
    public JsonObject? Options { get; init; }

    /// <summary>The name of each class, in the order of the scores; null where the data does not name any.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Channels, height and width of the images that the model was trained on; null where the data is no
    /// images.</summary>
    public IReadOnlyList<int>? ImageShape { get; init; }

    /// <summary>How bytes of images become inputs; null where the data does not say.</summary>
    public ImageNormalization? Normalization { get; init; }

    /// <summary>How a picture of any size becomes such an image; null where the data does not say.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>The name of each feature of a step; null where the data is no sequences.</summary>
    public IReadOnlyList<string>? FeatureNames { get; init; }

    /// <summary>How the features of a step become inputs; null where they are used as they are.</summary>
    public FeatureNormalization? Features { get; init; }

    /// <summary>How numbers became the model's targets, so that its outputs can be turned back; null where they are used as
    /// they are.</summary>
    public FeatureNormalization? Targets { get; init; }

    /// <summary>The version of the library that wrote the file; default this one's.</summary>
    public string LibraryVersion { get; init; } = TorchRuntime.LibraryVersion;

    /// <summary>Describes a model, and the data that it was trained on.</summary>
    /// <param name="model">A model of this library or of your own.</param>
    /// <param name="data">The training data, or null: names, shape and normalisation are then null.</param>
    public static ModelDescription Of(torch.nn.Module<torch.Tensor, torch.Tensor> model, IBatchSource? data = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var images = data as IImageSource;
        var sequences = data as ISequenceSource;
        return new ModelDescription
        {
            Architecture = ModelArchitecture.NameOf(model),
            Options = ModelArchitecture.OptionsOf(model),
            ClassNames = images?.ClassNames ?? sequences?.ClassNames,
            ImageShape = images is null ? null : [images.Channels, images.Height, images.Width],
            Normalization = images?.Normalization,
            Preparation = images?.Preparation,
            FeatureNames = sequences?.FeatureNames,
            Features = sequences?.Normalization,
            Targets = sequences?.TargetNormalization,
        };
    }

    internal OptionFaults Check()
    {
        var faults = new OptionFaults(nameof(ModelDescription))
            .Require(!string.IsNullOrWhiteSpace(Architecture), nameof(Architecture), "the name of a builder", Architecture)
            .Require(LibraryVersion is not null, nameof(LibraryVersion), "a text", LibraryVersion)
            .Names(nameof(ClassNames), ClassNames)
            .Names(nameof(FeatureNames), FeatureNames)
            .ImageShape(nameof(ImageShape), ImageShape);
        if (Normalization is not null)
        {
            long channels = ImageShape is { Count: 3 } ? ImageShape[0] : Normalization.Mean?.Count ?? 1;
            faults.Include(nameof(Normalization), Normalization.Faults(channels));
        }

        if (Preparation is not null)
        {
            int[] shape = [Preparation.Channels, Preparation.Height, Preparation.Width];
            faults
                .Include(nameof(Preparation), Preparation.Faults())
                .Require(
                    ImageShape?.SequenceEqual(shape) != false,
                    nameof(Preparation),
                    $"of the channels, height and width {string.Join(", ", ImageShape ?? [])}",
                    string.Join(", ", shape)
                );
        }

        if (Features is not null)
        {
            long count = FeatureNames?.Count ?? Features.Mean?.Count ?? 1;
            faults.Include(nameof(Features), Features.Faults(count));
        }

        return Targets is null ? faults : faults.Include(nameof(Targets), Targets.Faults(Targets.Mean?.Count ?? 1));
    }
}

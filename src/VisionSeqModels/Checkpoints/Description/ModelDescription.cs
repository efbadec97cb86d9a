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
    /// <summary>The builder of the model: <c>lenet</c>, <c>rnn</c>, <c>lstm</c> or <c>gru</c>. Of a
    /// module of your own it is <c>custom:</c> and the name of its type.</summary>
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

    /// <summary>The version of the library that wrote the file; default this one's.</summary>
    public string LibraryVersion { get; init; } = TorchRuntime.LibraryVersion;

    /// <summary>Describes a model, and the data that it was trained on.</summary>
    /// <param name="model">A model of this library or of your own.</param>
    /// <param name="data">The training data, or null: class names, image shape and normalisation are then null.</param>
    public static ModelDescription Of(torch.nn.Module<torch.Tensor, torch.Tensor> model, IBatchSource? data = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var images = data as IImageSource;
        return new ModelDescription
        {
            Architecture = ModelArchitecture.NameOf(model),
            Options = ModelArchitecture.OptionsOf(model),
            ClassNames = images?.ClassNames,
            ImageShape = images is null ? null : [images.Channels, images.Height, images.Width],
            Normalization = images?.Normalization,
        };
    }

    internal OptionFaults Faults()
    {
        var faults = new OptionFaults(nameof(ModelDescription))
            .Require(!string.IsNullOrWhiteSpace(Architecture), nameof(Architecture), "the name of a builder", Architecture)
            .Require(
                ClassNames is null || (ClassNames.Count > 0 && !ClassNames.Contains(null!)),
                nameof(ClassNames),
                "null or a list of at least 1 name, without null in it",
                ClassNames is null ? null
                    : ClassNames.Count == 0 ? "empty"
                    : "one with null in it"
            )
            .Require(
                ImageShape is null || ModelDescriptionLimits.IsImage(ImageShape),
                nameof(ImageShape),
                "null or channels, height and width, each at least 1, of at most "
                    + $"{ModelDescriptionLimits.MostPixelValues} values together",
                ImageShape is null ? null : OptionFaults.Text(ImageShape.Select(side => (double)side))
            )
            .Require(LibraryVersion is not null, nameof(LibraryVersion), "a text", LibraryVersion);
        return Normalization is null
            ? faults
            : faults.Include(
                nameof(Normalization),
                Normalization.Faults(ImageShape is { Count: 3 } ? ImageShape[0] : Normalization.Mean?.Count ?? 1)
            );
    }
}

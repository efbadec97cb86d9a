using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>A method of attribution, such as <see cref="Attribution.Saliency"/>: it takes images and gives a map for
/// each.</summary>
/// <param name="model">The model.</param>
/// <param name="images">The images <c>[batch, channels, height, width]</c>, float32, normalised as for training.</param>
/// <param name="options">Which classes, how many images at a time; null for the defaults.</param>
/// <param name="cancellationToken">Checked between passes.</param>
public delegate IReadOnlyList<AttributionMap> AttributionMethod(
    nn.Module<Tensor, Tensor> model,
    Tensor images,
    AttributionOptions? options,
    CancellationToken cancellationToken
);

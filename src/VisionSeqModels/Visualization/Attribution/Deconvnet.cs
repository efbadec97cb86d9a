using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What in an image activates a feature map: one activation is kept, all others are set to zero, and it is carried
/// back to the pixels.</summary>
/// <remarks> Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2013): through poolings by the
/// switches of the way up (sums where windows overlap), through rectifiers by keeping what is positive, through
/// convolutions by their transposes without bias. The model must be a chain of modules; nothing of it changes. </remarks>
public static class Deconvnet
{
    /// <summary>Projects the strongest activation of each of a layer's maps for one image.</summary>
    /// <param name="model">The model, on any device.</param>
    /// <param name="image">The image <c>[1, channels, height, width]</c>, float32, normalised.</param>
    /// <param name="layer">The layer, as in <c>named_modules()</c>: a convolution, its activation, or the pooling after
    /// it.</param>
    /// <param name="batchSize">Maps projected at a time; default 64. It changes speed and memory only.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>A projection for each map, in order.</returns>
    /// <exception cref="ArgumentException">There is no such layer, it gives no maps, or there is more than one image.</exception>
    /// <exception cref="InvalidOperationException">The rule does not hold for this model: it has activations other than
    /// ReLU, rectifiers that are not modules, or branches.</exception>
    public static IReadOnlyList<FeatureProjection> Project(
        nn.Module<Tensor, Tensor> model,
        Tensor image,
        string layer,
        int batchSize = 64,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (image.dim() != 4 || image.size(0) != 1)
        {
            throw new ShapeMismatchException($"Project takes one image [1, channels, height, width], but got {Shape.Of(image)}.");
        }

        using var scope = NewDisposeScope();
        var onDevice = image.detach().to(ModelDevice.Of(model));
        var projector = new DeconvnetProjector(model, onDevice, layer);
        var places = projector
            .Strongest(onDevice)
            .Select((place, map) => (Image: 0L, Map: map, place.Row, place.Column))
            .ToList();
        var results = new List<FeatureProjection>();
        foreach (var chunk in places.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.AddRange(projector.Project(onDevice.expand(chunk.Length, -1, -1, -1), chunk));
        }

        return results;
    }
}

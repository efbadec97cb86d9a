using VisionSeqModels.Core;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What in one image activates each feature map of a layer. One activation is kept, all others are set to zero,
/// and it is propagated back to the pixels.</summary>
/// <remarks>Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2013). Poolings use the switches of
/// the forward pass (sums where windows overlap). ReLUs keep what is positive. Convolutions use their transposes without
/// bias. Nothing of the model changes. The result holds plain numbers: there is nothing to dispose.</remarks>
public sealed record Deconvnet
{
    /// <summary>The layer.</summary>
    public required string Layer { get; init; }

    /// <summary>The projection of each map's strongest activation, in order.</summary>
    public required IReadOnlyList<FeatureProjection> Maps { get; init; }

    /// <summary>What the rule does not reach, in a sentence; null where it reaches every ReLU.</summary>
    public string? Warning { get; init; }

    /// <summary>Projects the strongest activation of each of a layer's maps for one image.</summary>
    /// <param name="model">The model, on any device.</param>
    /// <param name="image">The image <c>[1, channels, height, width]</c>, float32, normalised.</param>
    /// <param name="options">Which layer, maps at a time; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <exception cref="ArgumentException">There is no such layer, it gives no maps, or there is more than one image.</exception>
    /// <exception cref="InvalidOperationException">The rule reaches no ReLU: the model has other activations, or ReLUs that
    /// are not modules.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Deconvnet Measure(
        nn.Module<Tensor, Tensor> model,
        Tensor image,
        DeconvnetOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        options ??= new DeconvnetOptions();
        options.Validate();
        if (image.dim() != 4 || image.size(0) != 1 || !image.is_floating_point())
        {
            throw new ShapeMismatchException(
                "The Deconvnet takes one image [1, channels, height, width] of a floating dtype, normalised as for training, but "
                    + $"got {image.dtype} {Shape.Of(image)}."
            );
        }

        using var normal = inference_mode(false);
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        var onDevice = ModelInput.Of(model, image).clone();
        string layer = options.Layer ?? ClassActivationMaps.LastMapLayer(model, onDevice);
        var projector = new DeconvnetProjector(model, onDevice, layer);
        var places = projector
            .Strongest(onDevice)
            .Select((place, map) => (Image: 0L, Map: map, place.Row, place.Column))
            .ToList();
        var maps = new List<FeatureProjection>();
        foreach (var chunk in places.Chunk(options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            maps.AddRange(projector.Project(onDevice.expand(chunk.Length, -1, -1, -1), chunk));
        }

        return new Deconvnet
        {
            Layer = layer,
            Maps = maps,
            Warning = projector.Warning,
        };
    }

    /// <summary>Draws each map's projection, cut to the pixels that the unit can see.</summary>
    public Picture Draw() =>
        ImageGrid.Draw(
            [.. Maps.Select(projection => projection.ToTile($"map {projection.Map}: {ColorBar.Text(projection.Activation)}"))],
            new ImageGridOptions { Title = $"{Layer}: what activates each map in one image" }
        );

    /// <summary>Writes all numbers as JSON, whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ResultFile.Save(path, this, JsonFormat.Compact);
}

using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Where in a convolution's feature maps a class score comes from: coarse, but about the class. A LeNet's last map
/// is 5×5 pixels or fewer, so its maps are that coarse.</summary>
public static class ClassActivationMaps
{
    /// <summary>The feature maps, each weighted by its mean gradient, summed, with negative values set to zero. Selvaraju et
    /// al., "Grad-CAM" (2016).</summary>
    /// <param name="model">The model, as for <see cref="Attribution"/>.</param>
    /// <param name="images">The images <c>[batch, channels, height, width]</c>, float32, normalised.</param>
    /// <param name="options">Which layer and classes, how many images at a time; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <returns>Maps of one channel in the images' size, enlarged bilinearly.</returns>
    /// <exception cref="ArgumentException">There is no such layer, or none that gives maps.</exception>
    public static IReadOnlyList<AttributionMap> GradCam(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        ClassActivationMapsOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        Run(
            "Grad-CAM",
            model,
            images,
            options,
            parts => (parts.Gradient.mean([2, 3], keepdim: true) * parts.Activation).sum([1], keepdim: true),
            cancellationToken
        );

    /// <summary>The feature maps times their gradients, place by place, summed, with negative values set to zero: for a
    /// linear head exactly what each place adds to the score. Draelos and Carin, "HiResCAM" (2020).</summary>
    /// <inheritdoc cref="GradCam"/>
    public static IReadOnlyList<AttributionMap> HiResCam(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        ClassActivationMapsOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        Run(
            "HiResCAM",
            model,
            images,
            options,
            parts => (parts.Gradient * parts.Activation).sum([1], keepdim: true),
            cancellationToken
        );

    /// <summary>The feature maps, each weighted by the sum of its positive gradients. Each gradient is weighted by a closed
    /// form of the second and third derivatives of the score's exponential. So several places of one object count alike.
    /// Chattopadhay et al., "Grad-CAM++" (2018).</summary>
    /// <inheritdoc cref="GradCam"/>
    public static IReadOnlyList<AttributionMap> GradCamPlusPlus(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        ClassActivationMapsOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Run("Grad-CAM++", model, images, options, parts => parts.PlusPlus(), cancellationToken);

    /// <summary>The feature maps times their positive gradients, place by place, summed: also for early layers, whose
    /// places differ. Jiang et al., "LayerCAM" (2021).</summary>
    /// <inheritdoc cref="GradCam"/>
    public static IReadOnlyList<AttributionMap> LayerCam(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        ClassActivationMapsOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        Run(
            "LayerCAM",
            model,
            images,
            options,
            parts => (parts.Gradient.relu() * parts.Activation).sum([1], keepdim: true),
            cancellationToken
        );

    /// <summary>The feature maps, each weighted by the softmax of the scores of the image when only what the map shows is left of
    /// it. It takes a pass for each map, and no gradients for the weights. Wang et al., "Score-CAM" (2020).</summary>
    /// <inheritdoc cref="GradCam"/>
    public static IReadOnlyList<AttributionMap> ScoreCam(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        ClassActivationMapsOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        Run(
            "Score-CAM",
            model,
            images,
            options,
            parts => parts.ByScore((options ?? new ClassActivationMapsOptions()).BatchSize, cancellationToken),
            cancellationToken
        );

    /// <summary>The feature maps' projection on their first principal direction: what is strongest in the layer, whatever the
    /// class. Muhammad and Yeasin, "Eigen-CAM" (2020).</summary>
    /// <remarks>The direction's sign is the one for which the projection's sum is positive.</remarks>
    /// <inheritdoc cref="GradCam"/>
    public static IReadOnlyList<AttributionMap> EigenCam(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        ClassActivationMapsOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Run("Eigen-CAM", model, images, options, parts => parts.FirstDirection(), cancellationToken);

    /// <summary>Guided backpropagation, weighted by Grad-CAM. Selvaraju et al. (2016).</summary>
    /// <inheritdoc cref="GradCam"/>
    public static IReadOnlyList<AttributionMap> GuidedGradCam(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        ClassActivationMapsOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        [
            .. GradCam(model, images, options, cancellationToken)
                .Zip(
                    Attribution.GuidedBackpropagation(model, images, options, cancellationToken),
                    (cam, guided) =>
                        guided with
                        {
                            Method = "Guided Grad-CAM",
                            Values = [.. guided.Values.Select((value, i) => value * cam.Values[i % cam.Values.Count])],
                            Warning = Sentences.Of(Within(guided.Warning, cam.Warning) ? null : cam.Warning, guided.Warning),
                        }
                ),
        ];

    /// <summary>The name of the last call on the way to the output that gives maps of more than one pixel.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">Images that it takes.</param>
    /// <exception cref="ArgumentException">None does.</exception>
    public static string LastMapLayer(nn.Module<Tensor, Tensor> model, Tensor images)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        using var trace = ForwardTrace.OfOutputs(model, images.narrow(0, 0, 1));
        return ProbedLayers.LastMaps(trace);
    }

    private static bool Within(string? longer, string? text) =>
        text is not null && longer?.Contains(text, StringComparison.Ordinal) == true;

    private static IReadOnlyList<AttributionMap> Run(
        string method,
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        ClassActivationMapsOptions? options,
        Func<ClassActivationParts, Tensor> combine,
        CancellationToken cancellationToken
    )
    {
        options ??= new ClassActivationMapsOptions();
        var batches = new AttributionBatches(model, images, options, cancellationToken);
        string layer = options.Layer ?? LastMapLayer(model, images);
        return batches.Map(
            (batch, targets) =>
            {
                using var trace = ForwardTrace.OfOutputs(model, batch);
                var activation = trace.Find(layer).Output;
                if (activation.dim() != 4)
                {
                    throw new ArgumentException(
                        $"The layer '{layer}' gives {Shape.Of(activation)}, but a class activation map needs feature "
                            + "maps [batch, channels, height, width].",
                        nameof(options)
                    );
                }

                var selected = batches.Selected(trace.Output, targets);
                var gradient =
                    SafeGradients.Of(selected, ones_like(selected), activation)[0]
                    ?? throw new ArgumentException(
                        $"The layer '{layer}' runs, but no gradient gets from the scores of {model.GetName()} to it: it is not "
                            + "on the way to them, or the model detaches what comes after it. Name another layer; null takes the "
                            + "last one on the way.",
                        nameof(options)
                    );
                var map = combine(new ClassActivationParts(batches, batch, targets, activation.detach(), gradient)).relu();
                var large = nn.functional.interpolate(
                    map,
                    size: [batch.size(2), batch.size(3)],
                    mode: InterpolationMode.Bilinear,
                    align_corners: false
                );
                double[] largest = TensorNumbers.Doubles(map.amax([1, 2, 3]));
                return AttributionMap
                    .Of($"{method} ({layer})", large, targets, TensorNumbers.Doubles(selected))
                    .Select(
                        (result, i) =>
                            largest[i] > 0 || double.IsNaN(largest[i])
                                ? result
                                : result with
                                {
                                    Warning =
                                        $"Nothing in '{layer}' speaks for {AttributionBatches.NameOf(targets[i])}: the map is "
                                        + "zero everywhere.",
                                }
                    );
            }
        );
    }
}

using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Which pixels matter to a class score: gradients and the methods that grew from them.</summary>
/// <remarks>Each method is an <see cref="AttributionMethod"/>: it takes images <c>[batch, channels, height, width]</c>,
/// float32, normalised as for training, on any device, and gives a map for each. The model is any module that is built of
/// modules and gives scores <c>[batch, classes]</c>. It runs in evaluation mode on its own device; modes, hooks, weights,
/// gradients and the caller's tensors are afterwards as before. Class activation maps are in
/// <see cref="ClassActivationMaps"/>, occlusion in <see cref="OcclusionSensitivity"/>.</remarks>
public static class Attribution
{
    /// <summary>The gradient of the class score with respect to the image. Simonyan, Vedaldi and Zisserman, "Deep inside
    /// convolutional networks" (2013).</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="options">Which classes, how many images at a time; null for the defaults.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <exception cref="ArgumentException">The images, targets or scores do not have the shapes described.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<AttributionMap> Saliency(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options = null,
        CancellationToken cancellationToken = default
    ) => ByRule("Saliency", ReluRule.Gradient, model, images, options, cancellationToken);

    /// <summary>The gradient times the image: exact for a piecewise linear network without biases, whose values then sum to
    /// the score.</summary>
    /// <inheritdoc cref="Saliency"/>
    public static IReadOnlyList<AttributionMap> InputXGradient(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var batches = new AttributionBatches(model, images, options ?? new AttributionOptions(), cancellationToken);
        return batches.Map(
            (batch, targets) =>
            {
                var (gradient, scores) = batches.Gradient(ReluRule.Gradient, batch, targets);
                return AttributionMap.Of("Input × gradient", gradient * batch, targets, scores);
            }
        );
    }

    /// <summary>Backpropagation that keeps at each ReLU only what is positive both in the forward and in the backward pass.
    /// Springenberg et al., "Striving for simplicity" (2014).</summary>
    /// <remarks>It shows the image's structure more than the class: see <see cref="RandomizationCheck"/>.</remarks>
    /// <inheritdoc cref="Saliency"/>
    /// <exception cref="InvalidOperationException">The model runs no ReLU module, so that the rule would do nothing.</exception>
    public static IReadOnlyList<AttributionMap> GuidedBackpropagation(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options = null,
        CancellationToken cancellationToken = default
    ) => ByRule("Guided backpropagation", ReluRule.Guided, model, images, options, cancellationToken);

    /// <summary>Backpropagation of the class score by the Deconvnet's rule: each ReLU keeps what is positive in the backward
    /// pass. Zeiler and Fergus (2013). For single feature maps see <see cref="Deconvnet"/>.</summary>
    /// <inheritdoc cref="GuidedBackpropagation"/>
    public static IReadOnlyList<AttributionMap> Deconvolution(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options = null,
        CancellationToken cancellationToken = default
    ) => ByRule("Deconvolution", ReluRule.Deconvnet, model, images, options, cancellationToken);

    /// <summary>The mean gradient over copies of the image with noise added. Smilkov et al., "SmoothGrad" (2017).</summary>
    /// <inheritdoc cref="Saliency"/>
    public static IReadOnlyList<AttributionMap> SmoothGrad(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        SmoothGradOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new SmoothGradOptions();
        var batches = new AttributionBatches(model, images, options, cancellationToken);
        long done = 0;
        return batches.Map(
            (batch, targets) =>
            {
                var generators = targets.Select((_, i) => SampleGenerator.Of(options.Seed, done + i)).ToList();
                done += batch.size(0);
                var deviation = (batch.amax([1, 2, 3], keepdim: true) - batch.amin([1, 2, 3], keepdim: true)) * options.Noise;
                var sum = zeros_like(batch);
                for (int i = 0; i < options.CopyCount; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    var drawn = stack([.. generators.Select(generator => randn(batch.shape[1..], generator: generator))])
                        .to(batch.device);
                    sum.add_(batches.Gradient(ReluRule.Gradient, batch + (drawn * deviation), targets).Values);
                }

                generators.ForEach(generator => generator.Dispose());
                double[] scores = batches.Scores(batch, targets);
                return AttributionMap.Of("SmoothGrad", sum / options.CopyCount, targets, scores);
            }
        );
    }

    /// <summary>The gradient's mean along the straight line from a baseline to the image, times their difference: the
    /// values sum to the score's rise. Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks" (2017), with
    /// Gauss-Legendre quadrature.</summary>
    /// <returns>Maps whose <see cref="AttributionMap.ConvergenceDelta"/> says how far the sum is from the score's rise.</returns>
    /// <inheritdoc cref="Saliency"/>
    public static IReadOnlyList<AttributionMap> IntegratedGradients(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        IntegratedGradientsOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new IntegratedGradientsOptions();
        var batches = new AttributionBatches(model, images, options, cancellationToken);
        var baseline = new AttributionBaseline(options.Baseline, images);
        var (places, weights) = GaussLegendre.Of(options.StepCount);
        return batches.Map(
            (batch, targets) =>
            {
                var from = baseline.Next(batch);
                var sum = zeros_like(batch);
                for (int i = 0; i < options.StepCount; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    var place = from + ((batch - from) * places[i]);
                    sum.add_(batches.Gradient(ReluRule.Gradient, place, targets).Values, alpha: Scalars.Of(weights[i]));
                }

                var values = sum * (batch - from);
                double[] scores = batches.Scores(batch, targets),
                    begin = batches.Scores(from, targets),
                    sums = TensorNumbers.Doubles(values.sum([1, 2, 3]));
                return AttributionMap
                    .Of("Integrated gradients", values, targets, scores)
                    .Select((map, i) => map with { ConvergenceDelta = sums[i] - (scores[i] - begin[i]) });
            }
        );
    }

    /// <summary>The mean over random baselines and random places on the line from each to the image, of the gradient there times
    /// the difference. Lundberg and Lee, "A unified approach to interpreting model predictions" (2017).</summary>
    /// <returns>Maps whose <see cref="AttributionMap.ConvergenceDelta"/> says how far the sum is from the score's rise over the
    /// drawn baselines' mean score.</returns>
    /// <inheritdoc cref="Saliency"/>
    public static IReadOnlyList<AttributionMap> GradientShap(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        GradientShapOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new GradientShapRun(model, images, options ?? new GradientShapOptions(), cancellationToken).Run();

    /// <summary>How much of the score's rise over that of a reference image each pixel brings, by the rescale rule. An
    /// activation passes on the ratio of the two differences, of its output and of its input. Shrikumar, Greenside and
    /// Kundaje, "Learning important features through propagating activation differences" (2017).</summary>
    /// <remarks>The rule covers activations and max pooling that are modules; a warning names what else is not linear.</remarks>
    /// <returns>Maps whose <see cref="AttributionMap.ConvergenceDelta"/> says how far the sum is from the score's
    /// rise.</returns>
    /// <inheritdoc cref="Saliency"/>
    /// <exception cref="InvalidOperationException">The model is not linear, and the rule covers nothing of it.</exception>
    public static IReadOnlyList<AttributionMap> DeepLift(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        DeepLiftOptions? options = null,
        CancellationToken cancellationToken = default
    ) => DeepLiftRun.Maps(model, images, options ?? new DeepLiftOptions(), cancellationToken);

    /// <summary>Layer-wise relevance propagation: the score is passed from layer to layer down to the pixels, to each
    /// input of a layer by what it adds. Bach et al., "On pixel-wise explanations" (2015).</summary>
    /// <remarks>Biases take no relevance: what they add is shared among the layer's inputs. Activations and batch normalisation
    /// pass on what they get, max pooling to the winner, average pooling and sums by what each part adds. A warning names
    /// modules and operations without a rule. Contributions are computed in float64, also for models in float32.</remarks>
    /// <returns>Maps whose values and <see cref="AttributionMap.AbsorbedRelevance"/> sum to the score, to 1e-5 of the sum
    /// of all magnitudes. That holds where every module has a rule and the objective, if any, is linear;
    /// <see cref="AttributionMap.ConvergenceDelta"/> says how far the values alone are from it.</returns>
    /// <inheritdoc cref="Saliency"/>
    /// <exception cref="InvalidOperationException">The model runs no convolution or linear module.</exception>
    public static IReadOnlyList<AttributionMap> Lrp(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        LrpOptions? options = null,
        CancellationToken cancellationToken = default
    ) => LrpRun.Maps(model, images, options ?? new LrpOptions(), cancellationToken);

    private static IReadOnlyList<AttributionMap> ByRule(
        string name,
        ReluRule rule,
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options,
        CancellationToken cancellationToken
    )
    {
        var batches = new AttributionBatches(model, images, options ?? new AttributionOptions(), cancellationToken);
        return batches.Map(
            (batch, targets) =>
            {
                var (gradient, scores) = batches.Gradient(rule, batch, targets);
                return AttributionMap.Of(name, gradient, targets, scores);
            },
            rule == ReluRule.Gradient ? null : image => RuleCoverage.WarningFor(name, model, image, rule)
        );
    }
}

using VisionSeqModels.Core;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Which pixels matter to a class score: gradients and what grew from them.</summary>
/// <remarks> All take images <c>[batch, channels, height, width]</c>, float32, normalised as for training, on any device,
/// and give a map for each. The model is any module built of modules that gives scores <c>[batch, classes]</c>; it is run
/// in evaluation mode, and modes, hooks, weights, gradients and the caller's tensors are afterwards as before. Class
/// activation maps are in <see cref="ClassActivationMaps"/>, occlusion in <see cref="OcclusionSensitivity"/>. </remarks>
public static class Attribution
{
    /// <summary>The gradient of the class score with respect to the image. Simonyan, Vedaldi and Zisserman, "Deep inside
    /// convolutional networks" (2013).</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="options">Which classes, how many at a time; null for the defaults.</param>
    /// <exception cref="ArgumentException">The images, targets or scores do not have the shapes described.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static IReadOnlyList<AttributionMap> Saliency(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options = null
    ) => ByRule("Saliency", ReluRule.Gradient, model, images, options);

    /// <summary>The gradient times the image: exact for a piecewise linear network without biases, whose values then sum to
    /// the score.</summary>
    /// <inheritdoc cref="Saliency"/>
    public static IReadOnlyList<AttributionMap> InputXGradient(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options = null
    )
    {
        var batches = new AttributionBatches(model, images, options);
        return batches.Map(
            (batch, targets) =>
            {
                var (gradient, scores) = Gradient(batches, ReluRule.Gradient, batch, targets);
                return AttributionMap.Of("Input × gradient", gradient * batch, targets, scores, batches.SoftmaxWarning);
            }
        );
    }

    /// <summary>Backpropagation that lets through at each rectifier only what is positive both on the way up and on the way
    /// down. Springenberg et al., "Striving for simplicity" (2014).</summary>
    /// <remarks>It shows the image's structure more than the class: see <see cref="RandomizationCheck"/>.</remarks>
    /// <inheritdoc cref="Saliency"/>
    /// <exception cref="InvalidOperationException">The model runs no ReLU module, so that the rule would do nothing.</exception>
    public static IReadOnlyList<AttributionMap> GuidedBackpropagation(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options = null
    ) => ByRule("Guided backpropagation", ReluRule.Guided, model, images, options);

    /// <summary>Backpropagation of the class score by the Deconvnet's rule: at each rectifier what is positive on the way
    /// down. Zeiler and Fergus (2013). For single feature maps see <see cref="Deconvnet"/>.</summary>
    /// <inheritdoc cref="GuidedBackpropagation"/>
    public static IReadOnlyList<AttributionMap> Deconvolution(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options = null
    ) => ByRule("Deconvolution", ReluRule.Deconvnet, model, images, options);

    /// <summary>The mean gradient over copies of the image with noise added. Smilkov et al., "SmoothGrad" (2017).</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="samples">Copies of each image; default 25, at least 1.</param>
    /// <param name="noise">The noise's standard deviation, as a share of the image's range of values; default 0.15, at
    /// least 0.</param>
    /// <param name="seed">The seed of the noise; libtorch's own generator is left alone.</param>
    /// <param name="options">Which classes, how many at a time; null for the defaults.</param>
    /// <inheritdoc cref="Saliency"/>
    public static IReadOnlyList<AttributionMap> SmoothGrad(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        int samples = 25,
        double noise = 0.15,
        long seed = 0,
        AttributionOptions? options = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(noise);
        var batches = new AttributionBatches(model, images, options);
        long done = 0;
        return batches.Map(
            (batch, targets) =>
            {
                // A generator for each image, so that its noise is the same in any batch.
                var generators = targets
                    .Select((_, i) => new Generator(SplitMix.Mix(SplitMix.Mix((ulong)seed) + (ulong)(done + i))))
                    .ToList();
                done += batch.size(0);
                var spread = (batch.amax([1, 2, 3], keepdim: true) - batch.amin([1, 2, 3], keepdim: true)) * noise;
                var sum = zeros_like(batch);
                for (int i = 0; i < samples; i++)
                {
                    batches.Options.CancellationToken.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    var drawn = stack([.. generators.Select(generator => randn(batch.shape[1..], generator: generator))])
                        .to(batch.device);
                    sum.add_(Gradient(batches, ReluRule.Gradient, batch + (drawn * spread), targets).Values);
                }

                generators.ForEach(generator => generator.Dispose());
                return AttributionMap.Of(
                    "SmoothGrad",
                    sum / samples,
                    targets,
                    Scores(batches, batch, targets),
                    batches.SoftmaxWarning
                );
            }
        );
    }

    /// <summary>The gradient's mean along the straight line from a baseline to the image, times their difference: the
    /// values sum to the score's rise. Sundararajan, Taly and Yan, "Axiomatic attribution for deep networks" (2017), with
    /// Gauss and Legendre's quadrature.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="steps">Places on the line; default 50, at least 1.</param>
    /// <param name="baseline">One image <c>[1, channels, height, width]</c> or one for each, normalised; null for zeros,
    /// the mean image.</param>
    /// <param name="options">Which classes, how many at a time; null for the defaults.</param>
    /// <returns>Maps whose <see cref="AttributionMap.ConvergenceDelta"/> says how far the sum is from the score's rise.</returns>
    /// <inheritdoc cref="Saliency"/>
    public static IReadOnlyList<AttributionMap> IntegratedGradients(
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        int steps = 50,
        Tensor? baseline = null,
        AttributionOptions? options = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var batches = new AttributionBatches(model, images, options);
        if (
            baseline is not null
            && (
                !baseline.shape.Skip(1).SequenceEqual(images.shape.Skip(1))
                || (baseline.size(0) != 1 && baseline.size(0) != images.size(0))
            )
        )
        {
            throw new ShapeMismatchException(
                $"The baseline must have the images' shape {Shape.Of(images)}, or be one image of it, but has "
                    + $"{Shape.Of(baseline)}."
            );
        }

        var (places, weights) = GaussLegendre.Of(steps);
        long done = 0;
        return batches.Map(
            (batch, targets) =>
            {
                var from = baseline is null
                    ? zeros_like(batch)
                    : (baseline.size(0) == 1 ? baseline.expand(batch.shape) : baseline.narrow(0, done, batch.size(0)))
                        .detach()
                        .to(batch.device);
                done += batch.size(0);
                var sum = zeros_like(batch);
                for (int i = 0; i < steps; i++)
                {
                    batches.Options.CancellationToken.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    sum.add_(
                        Gradient(batches, ReluRule.Gradient, from + ((batch - from) * places[i]), targets).Values,
                        alpha: weights[i]
                    );
                }

                var values = sum * (batch - from);
                double[] scores = Scores(batches, batch, targets),
                    begin = Scores(batches, from, targets),
                    sums = TensorNumbers.Doubles(values.sum([1, 2, 3]));
                return AttributionMap
                    .Of("Integrated gradients", values, targets, scores, batches.SoftmaxWarning)
                    .Select((map, i) => map with { ConvergenceDelta = sums[i] - (scores[i] - begin[i]) });
            }
        );
    }

    private static IReadOnlyList<AttributionMap> ByRule(
        string name,
        ReluRule rule,
        nn.Module<Tensor, Tensor> model,
        Tensor images,
        AttributionOptions? options
    )
    {
        var batches = new AttributionBatches(model, images, options);
        return batches.Map(
            (batch, targets) =>
            {
                var (gradient, scores) = Gradient(batches, rule, batch, targets);
                return AttributionMap.Of(name, gradient, targets, scores, batches.SoftmaxWarning);
            }
        );
    }

    /// <summary>The signal that comes down to the images from each one's target score, and the scores.</summary>
    internal static (Tensor Values, double[] Scores) Gradient(
        AttributionBatches batches,
        ReluRule rule,
        Tensor batch,
        long[] targets
    )
    {
        using var pass = new ModifiedBackpropagation(batches.Model, rule);
        var scores = pass.Forward(batch);
        if (rule != ReluRule.Gradient && pass.RectifierCalls == 0)
        {
            throw new InvalidOperationException(
                $"The model {batches.Model.GetName()} runs no ReLU module, so the rule for rectifiers has nothing to "
                    + "act on and would silently give the plain gradient. "
                    + "Make its rectifiers modules (nn.ReLU()) that forward runs with call, not functional.relu; for tanh and the like use Saliency."
            );
        }

        var selected = AttributionBatches.Selected(scores, targets); // throws where the targets do not fit
        var seed = nn.functional.one_hot(tensor(targets, device: scores.device), scores.size(1)).to_type(scores.dtype);
        return (pass.Back(scores, seed), TensorNumbers.Doubles(selected));
    }

    private static double[] Scores(AttributionBatches batches, Tensor batch, long[] targets)
    {
        using var modes = ModuleModes.Evaluating(batches.Model);
        using var noGradients = no_grad();
        return TensorNumbers.Doubles(AttributionBatches.Selected(batches.Model.call(batch), targets));
    }
}

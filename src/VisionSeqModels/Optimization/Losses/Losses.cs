using VisionSeqModels.Core;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The built-in losses. Each checks the shapes of outputs and targets at every batch and never broadcasts
/// them.</summary>
public static class Losses
{
    /// <summary>Softmax cross-entropy between class scores and labels, the mean over the batch (PyTorch's
    /// <c>CrossEntropyLoss</c>).</summary>
    /// <remarks><para>Scores are raw (logits): a model must not end in a softmax. Targets are int64 labels <c>[batch]</c>, or
    /// a probability for each class <c>[batch, classes]</c> in a floating dtype, as MixUp and CutMix make them.</para>
    /// <para>On the CPU a label that is no class is refused with its value and index. On another device a look at the
    /// labels would make each step wait, so such a label makes the loss NaN there, and training stops as not
    /// finite.</para></remarks>
    /// <param name="labelSmoothing">The fraction of certainty taken from the label and spread over all classes; default 0, below
    /// 1 (PyTorch's <c>label_smoothing</c>; Szegedy et al., "Rethinking the Inception architecture", 2016).</param>
    /// <param name="classWeights">How much each class counts, or null (default) for all alike; finite, none below 0, not
    /// all 0. The mean is weighted (PyTorch's <c>weight</c>): it is divided by the sum of the samples' weights, for
    /// probabilities by the number of samples. A batch of weight 0 has the loss 0.</param>
    /// <param name="ignoreIndex">The label of samples that count neither in the loss, nor in its mean, nor in accumulated
    /// gradients (PyTorch's <c>ignore_index</c>). Default null, none: PyTorch's default of −100 is refused like any other
    /// label that is no class, so that nothing is left out unasked. A batch without any other label has the loss 0. Metrics
    /// have the same option; the default metric takes it over.</param>
    /// <exception cref="InvalidOptionsException">A value out of range.</exception>
    public static Loss CrossEntropy(
        double labelSmoothing = 0,
        IReadOnlyList<double>? classWeights = null,
        long? ignoreIndex = null
    )
    {
        Weights(
                new OptionFaults(nameof(CrossEntropy)).BelowOne(nameof(labelSmoothing), labelSmoothing),
                nameof(classWeights),
                classWeights
            )
            .ThrowIfAny();
        return new CrossEntropyLoss(labelSmoothing, classWeights, ignoreIndex);
    }

    /// <summary>Binary cross-entropy between raw scores and targets from 0 to 1, the mean over all elements (PyTorch's
    /// <c>BCEWithLogitsLoss</c>).</summary>
    /// <remarks>Outputs and targets have one shape: <c>[batch]</c>, <c>[batch, 1]</c>, or <c>[batch, labels]</c> for several
    /// labels a sample. Targets may be of any dtype; labels 0 and 1 in int64 are fine. On the CPU a target outside 0..1 is
    /// refused.</remarks>
    /// <param name="positiveWeight">How much a positive target counts; finite, above 0, default 1 (PyTorch's
    /// <c>pos_weight</c>). The number of negatives divided by that of positives balances them.</param>
    /// <exception cref="InvalidOptionsException">A value out of range.</exception>
    public static Loss BinaryCrossEntropyWithLogits(double positiveWeight = 1)
    {
        new OptionFaults(nameof(BinaryCrossEntropyWithLogits)).Positive(nameof(positiveWeight), positiveWeight).ThrowIfAny();
        return BinaryLoss.CrossEntropy([positiveWeight]);
    }

    /// <param name="positiveWeights">How much a positive target of each label counts, a number for each of the outputs' last
    /// dimension, or one for all; finite, above 0 (PyTorch's <c>pos_weight</c>).</param>
    /// <inheritdoc cref="BinaryCrossEntropyWithLogits(double)"/>
    public static Loss BinaryCrossEntropyWithLogits(IReadOnlyList<double> positiveWeights)
    {
        ArgumentNullException.ThrowIfNull(positiveWeights);
        new OptionFaults(nameof(BinaryCrossEntropyWithLogits))
            .Require(
                positiveWeights.Count > 0 && positiveWeights.All(weight => double.IsFinite(weight) && weight > 0),
                nameof(positiveWeights),
                "at least one finite number above 0",
                OptionFaults.Text(positiveWeights)
            )
            .ThrowIfAny();
        return BinaryLoss.CrossEntropy(positiveWeights);
    }

    /// <summary>Focal loss between class scores and labels, the mean over the batch: cross-entropy times (1 − p)^γ, with the
    /// probability p of the sample's class, so that samples that are clear already count less.</summary>
    /// <remarks>Lin et al., "Focal loss for dense object detection" (2017). Scores and targets are those of
    /// <see cref="CrossEntropy"/>; for probabilities as targets it is their mean over the classes. For yes-or-no answers see
    /// <see cref="BinaryFocal"/>.</remarks>
    /// <param name="gamma">How strongly clear samples are scaled down; finite, at least 0, default 2; 0 is
    /// cross-entropy.</param>
    /// <param name="classWeights">How much each class counts (the paper's α), or null (default) for all alike; finite, none
    /// below 0, not all 0. The mean is over samples, not weighted.</param>
    /// <param name="ignoreIndex">The label of samples that do not count, as in <see cref="CrossEntropy"/>; default null,
    /// none.</param>
    /// <exception cref="InvalidOptionsException">A value out of range.</exception>
    public static Loss Focal(double gamma = 2, IReadOnlyList<double>? classWeights = null, long? ignoreIndex = null)
    {
        Weights(new OptionFaults(nameof(Focal)).NotNegative(nameof(gamma), gamma), nameof(classWeights), classWeights)
            .ThrowIfAny();
        return new FocalLoss(gamma, classWeights, ignoreIndex);
    }

    /// <summary>Focal loss between raw scores and targets from 0 to 1 of one shape, the mean over all elements (torchvision's
    /// <c>sigmoid_focal_loss</c> with <c>reduction="mean"</c>).</summary>
    /// <remarks>Lin et al., "Focal loss for dense object detection" (2017). Shapes are those of
    /// <see cref="BinaryCrossEntropyWithLogits(double)"/>.</remarks>
    /// <param name="gamma">How strongly clear answers are scaled down; finite, at least 0, default 2.</param>
    /// <param name="alpha">How much positive targets count, from 0 to 1; negative ones count 1 − alpha. Default 0.25; null
    /// for both alike, unscaled.</param>
    /// <exception cref="InvalidOptionsException">A value out of range.</exception>
    public static Loss BinaryFocal(double gamma = 2, double? alpha = 0.25)
    {
        new OptionFaults(nameof(BinaryFocal))
            .NotNegative(nameof(gamma), gamma)
            .Require(alpha is null or (>= 0 and <= 1), nameof(alpha), "null or from 0 to 1", alpha)
            .ThrowIfAny();
        return BinaryLoss.Focal(gamma, alpha);
    }

    /// <summary>The mean squared difference between outputs and targets of one shape (PyTorch's <c>MSELoss</c>).</summary>
    public static Loss MeanSquaredError() =>
        new ElementLoss(
            "mean_squared_error",
            "Losses.MeanSquaredError",
            (outputs, targets) => nn.functional.mse_loss(outputs, targets)
        );

    /// <summary>The mean absolute difference between outputs and targets of one shape (PyTorch's <c>L1Loss</c>).</summary>
    public static Loss L1() => new ElementLoss("l1", "Losses.L1", (outputs, targets) => nn.functional.l1_loss(outputs, targets));

    /// <summary>Between outputs and targets of one shape the mean of <c>½ d² / beta</c> where the difference d is below beta,
    /// and of <c>|d| − ½ beta</c> elsewhere (PyTorch's <c>SmoothL1Loss</c>).</summary>
    /// <param name="beta">Where the square becomes a line; finite, at least 0, default 1; 0 is <see cref="L1"/>.</param>
    /// <exception cref="InvalidOptionsException">A value out of range.</exception>
    public static Loss SmoothL1(double beta = 1)
    {
        new OptionFaults(nameof(SmoothL1)).NotNegative(nameof(beta), beta).ThrowIfAny();
        return new ElementLoss(
            "smooth_l1",
            "Losses.SmoothL1",
            (outputs, targets) => nn.functional.smooth_l1_loss(outputs, targets, beta: beta),
            new Dictionary<string, object?> { ["beta"] = beta }
        );
    }

    /// <summary>Between outputs and targets of one shape the mean of <c>½ d²</c> where the difference d is below delta, and of
    /// <c>delta (|d| − ½ delta)</c> elsewhere (PyTorch's <c>HuberLoss</c>).</summary>
    /// <param name="delta">Where the square becomes a line; finite, above 0, default 1.</param>
    /// <exception cref="InvalidOptionsException">A value out of range.</exception>
    public static Loss Huber(double delta = 1)
    {
        new OptionFaults(nameof(Huber)).Positive(nameof(delta), delta).ThrowIfAny();
        return new ElementLoss(
            "huber",
            "Losses.Huber",
            (outputs, targets) => nn.functional.huber_loss(outputs, targets, delta),
            new Dictionary<string, object?> { ["delta"] = delta }
        );
    }

    /// <summary>A loss from a function of outputs and targets.</summary>
    /// <param name="name">Its name for logs and run.json.</param>
    /// <param name="compute">Gives the mean loss over the batch, a tensor without dimensions.</param>
    public static Loss From(string name, Func<Tensor, Tensor, Tensor> compute)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(compute);
        return new FunctionLoss(name, compute);
    }

    private static OptionFaults Weights(OptionFaults faults, string name, IReadOnlyList<double>? weights) =>
        faults.Require(
            weights is null
                || (weights.All(weight => double.IsFinite(weight) && weight >= 0) && weights.Any(weight => weight > 0)),
            name,
            "null or finite numbers of at least 0, not all 0",
            OptionFaults.Text(weights)
        );

    private sealed class FunctionLoss(string name, Func<Tensor, Tensor, Tensor> compute) : Loss
    {
        public override string Name => name;

        public override Tensor Compute(Tensor outputs, Tensor targets) => compute(outputs, targets);
    }
}

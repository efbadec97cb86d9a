using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>A loss between raw scores and yes-or-no targets of one shape, the mean over all elements.</summary>
internal sealed class BinaryLoss(
    string name,
    string title,
    Func<Tensor, Tensor, Tensor> mean,
    IReadOnlyDictionary<string, object?> options
) : ElementLoss(name, title, mean, options)
{
    private readonly string _title = title;

    public override IReadOnlyList<Metric> DefaultMetrics { get; } = [new BinaryAccuracy()];

    public override Tensor Compute(Tensor outputs, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return TargetGuard.OfUnit(_title, targets, () => base.Compute(outputs, targets));
    }

    /// <summary>Binary cross-entropy with logits.</summary>
    /// <param name="positiveWeights">One weight for all, or one for each label, the outputs' last dimension.</param>
    public static Loss CrossEntropy(IReadOnlyList<double> positiveWeights)
    {
        const string Title = "Losses.BinaryCrossEntropyWithLogits";
        double[] weights = [.. positiveWeights];
        return new BinaryLoss(
            "binary_cross_entropy_with_logits",
            Title,
            Mean,
            new Dictionary<string, object?> { ["positive_weights"] = weights }
        );

        Tensor Mean(Tensor outputs, Tensor targets)
        {
            if (weights.Length > 1 && (outputs.dim() == 0 || outputs.size(-1) != weights.Length))
            {
                throw TargetShapes.Mismatch(
                    Title,
                    $"{weights.Length} scores in the last dimension for its {weights.Length} positive weights",
                    outputs,
                    targets,
                    "Give one weight for all, or one for each label."
                );
            }

            var weight = weights is [1] ? null : tensor(weights, device: outputs.device).to_type(outputs.dtype);
            return nn.functional.binary_cross_entropy_with_logits(outputs, targets, pos_weights: weight);
        }
    }

    /// <summary>Focal loss of yes-or-no answers, as torchvision computes it.</summary>
    public static Loss Focal(double gamma, double? alpha)
    {
        return new BinaryLoss(
            "binary_focal",
            "Losses.BinaryFocal",
            Mean,
            new Dictionary<string, object?> { ["gamma"] = gamma, ["alpha"] = alpha }
        );

        Tensor Mean(Tensor outputs, Tensor targets)
        {
            var error = nn.functional.binary_cross_entropy_with_logits(outputs, targets, reduction: nn.Reduction.None);
            // the probability of the wrong answer
            var wrong = (outputs.sigmoid() * targets.OneMinus()).Plus(outputs.neg().sigmoid() * targets);
            var loss = error * FocalLoss.Power(wrong, gamma);
            return (alpha is double positive ? loss * Weights(targets, positive) : loss).mean();
        }
    }

    private static Tensor Weights(Tensor targets, double positive) =>
        targets.mul(Scalars.Of(positive)).Plus(targets.OneMinus().mul(Scalars.Of(1 - positive)));
}

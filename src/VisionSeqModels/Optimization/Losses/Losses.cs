using VisionSeqModels.Core;
using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The built-in losses.</summary>
public static class Losses
{
    /// <summary>Softmax cross-entropy between class scores and labels, the mean over the batch.</summary>
    /// <remarks>Scores are raw (logits): the model must not end in a softmax.</remarks>
    /// <param name="labelSmoothing">The fraction of the label's probability that is spread over all classes; default 0, below 1
    /// (Szegedy et al., "Rethinking the Inception architecture", 2016).</param>
    /// <param name="classWeights">The weight of each class, or null (default) for equal weights; finite, none below 0,
    /// not all 0. The mean is weighted, as in PyTorch.</param>
    /// <exception cref="InvalidOptionsException">A value out of range.</exception>
    public static Loss CrossEntropy(double labelSmoothing = 0, IReadOnlyList<double>? classWeights = null)
    {
        new OptionFaults(nameof(CrossEntropy))
            .BelowOne(nameof(labelSmoothing), labelSmoothing)
            .Require(
                classWeights is null
                    || (
                        classWeights.All(weight => double.IsFinite(weight) && weight >= 0)
                        && classWeights.Any(weight => weight > 0)
                    ),
                nameof(classWeights),
                "null or finite numbers of at least 0, not all 0",
                string.Join(", ", classWeights ?? [])
            )
            .ThrowIfAny();
        return new CrossEntropyLoss(labelSmoothing, classWeights);
    }

    /// <summary>The mean squared difference between outputs and targets.</summary>
    public static Loss MeanSquaredError() =>
        From("mean_squared_error", (outputs, targets) => nn.functional.mse_loss(outputs, targets));

    /// <summary>A loss from a function of outputs and targets.</summary>
    /// <param name="name">Its name for logs and run.json.</param>
    /// <param name="compute">Gives the mean loss over the batch, a tensor without dimensions.</param>
    public static Loss From(string name, Func<Tensor, Tensor, Tensor> compute)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(compute);
        return new FunctionLoss(name, compute);
    }

    private sealed class FunctionLoss(string name, Func<Tensor, Tensor, Tensor> compute) : Loss
    {
        public override string Name => name;

        public override Tensor Compute(Tensor outputs, Tensor targets) => compute(outputs, targets);
    }
}

using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>The losses at hand.</summary>
public static class Losses
{
    /// <summary>Softmax cross-entropy between class scores and labels, the mean over the batch.</summary>
    /// <remarks>Scores are raw (logits): a model must not end in a softmax.</remarks>
    public static Loss CrossEntropy() => new CrossEntropyLoss();

    /// <summary>The mean squared difference between outputs and targets.</summary>
    public static Loss MeanSquaredError() => From("mean_squared_error", (outputs, targets) => nn.functional.mse_loss(outputs, targets));

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

using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>Which images an epoch of training has: <see cref="WeightedSampling"/>, <see cref="BalancedSampling"/>. Without one
/// each image comes once an epoch.</summary>
/// <remarks>An image may come several times in an epoch, and another one not at all. What is drawn is a function of the
/// run's seed and the epoch alone, the same on every system, device and number of threads, and the same in a resumed run.
/// Evaluation is not sampled.</remarks>
public abstract record Sampling
{
    private protected Sampling() { }

    /// <summary>How many images an epoch has; at least 1. Null (default) for as many as the training data has.</summary>
    public int? SamplesPerEpoch { get; init; }

    /// <summary>Whether an image may come again in the same epoch.</summary>
    internal virtual bool MayRepeat => true;

    /// <summary>What is wrong with the settings, a sentence each.</summary>
    internal abstract IReadOnlyList<string> Faults();

    /// <summary>How often each image is drawn, relative to the others.</summary>
    /// <param name="train">The images to draw from.</param>
    /// <param name="whole">All training data, before a part was set aside for validation.</param>
    /// <param name="ignoreIndex">The label that the loss leaves out, or null.</param>
    internal abstract double[] WeightsOf(IImageSource train, IImageSource whole, long? ignoreIndex);

    /// <summary>What does not fit the data, a sentence each.</summary>
    internal virtual IReadOnlyList<string> FaultsWith(IBatchSource train) =>
        train is IImageSource
            ? []
            :
            [
                $"Sampling must be null where the training data is no IImageSource, but is {GetType().Name} for a "
                    + $"{train.GetType().Name}: images are drawn by their places.",
            ];
}

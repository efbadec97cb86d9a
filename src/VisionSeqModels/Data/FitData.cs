using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>The data of a training run, each set in its own role.</summary>
public sealed record FitData
{
    /// <summary>What the weights are fitted to.</summary>
    public required IBatchSource Train { get; init; }

    /// <summary>What decisions are made on (early stopping, the best checkpoint), or null. Its figures are named
    /// <c>val_loss</c> and so on.</summary>
    public IBatchSource? Validation { get; init; }

    /// <summary>What is only reported, or null. Its figures are named <c>test_loss</c> and so on. Where decisions are made
    /// on them, because there is no validation data, the reported result is better than an untouched test set would
    /// show.</summary>
    public IBatchSource? Test { get; init; }
}

using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>The data of a training run, one set for each role.</summary>
public sealed record FitData
{
    /// <summary>The data that the weights are fitted to.</summary>
    public required IBatchSource Train { get; init; }

    /// <summary>The data for decisions (early stopping, the best checkpoint), or null. Its metrics are named <c>val_loss</c>
    /// and so on.</summary>
    public IBatchSource? Validation { get; init; }

    /// <summary>The data for the reported result, or null. Its metrics are named <c>test_loss</c> and so on. Without
    /// validation data, decisions use these metrics; then the reported result is better than an untouched test set would
    /// show.</summary>
    public IBatchSource? Test { get; init; }
}

namespace VisionSeqModels.Data;

/// <summary>A target has a value that its loss or augmentation cannot take. Training and evaluation name the batch
/// besides.</summary>
internal sealed class TargetRangeException(string message) : ArgumentException(message);

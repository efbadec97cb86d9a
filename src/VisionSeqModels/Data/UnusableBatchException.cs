namespace VisionSeqModels.Data;

/// <summary>Data gave a batch without tensors, or with disposed ones. Training and evaluation say when besides.</summary>
internal sealed class UnusableBatchException(string message, Exception? inner = null) : InvalidOperationException(message, inner);

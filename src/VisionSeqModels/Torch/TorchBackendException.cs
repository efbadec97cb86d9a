namespace VisionSeqModels.Torch;

/// <summary>libtorch, the native library under TorchSharp, cannot be used on this system; the message says what to do.</summary>
public sealed class TorchBackendException : Exception
{
    internal TorchBackendException(string message, Exception inner)
        : base(message, inner) { }
}

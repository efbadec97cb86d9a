namespace VisionSeqModels;

/// <summary>A file, or bytes, cannot be read as an image.</summary>
public sealed class UnreadableImageException : IOException
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="reason">The end of a sentence that begins with "it", for example "is empty".</param>
    /// <param name="path">The file; null for bytes.</param>
    /// <param name="inner">What was thrown before, if anything was.</param>
    internal UnreadableImageException(string reason, string? path = null, Exception? inner = null)
        : base($"{(path is null ? "The image" : $"'{path}'")} cannot be read: it {reason}.", inner) =>
        (Reason, Path) = (reason, path);

    /// <summary>The file, or null for bytes that come from elsewhere.</summary>
    public string? Path { get; }

    /// <summary>What is wrong: the end of a sentence that begins with "it", for example <c>is empty</c>.</summary>
    public string Reason { get; }
}

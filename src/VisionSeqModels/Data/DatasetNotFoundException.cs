namespace VisionSeqModels.Data;

/// <summary>A data set is not there, and the download failed or was not allowed.</summary>
public sealed class DatasetNotFoundException : IOException
{
    internal DatasetNotFoundException(string message, Exception? inner = null)
        : base(message, inner) { }
}

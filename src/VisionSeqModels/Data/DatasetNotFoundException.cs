namespace VisionSeqModels.Data;

/// <summary>A data set is not there, and could not be downloaded or was not to be.</summary>
public sealed class DatasetNotFoundException : IOException
{
    internal DatasetNotFoundException(string message, Exception? inner = null)
        : base(message, inner) { }
}

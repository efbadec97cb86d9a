namespace VisionSeqModels.Data;

/// <summary>A data file is not what its name says: too short, too long, or with impossible values.</summary>
public sealed class DatasetFormatException : IOException
{
    internal DatasetFormatException(
        string path,
        string fault,
        Exception? inner = null,
        string advice = "Replace the file by the published one."
    )
        : base($"'{path}' {fault} {advice}", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}

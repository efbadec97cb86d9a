namespace VisionSeqModels.Data;

/// <summary>A data file is not what its name says: too short, too long, or with impossible values.</summary>
public sealed class DatasetFormatException : IOException
{
    /// <summary>The advice for a file that its authors publish.</summary>
    internal const string Replace = "Replace the file by the published one.";

    internal DatasetFormatException(string path, string fault, Exception? inner = null, string advice = Replace)
        : base($"'{path}' {fault} {advice}", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}

namespace VisionSeqModels.Data;

/// <summary>How far a download is.</summary>
public readonly record struct DownloadProgress
{
    /// <summary>The file's name.</summary>
    public required string FileName { get; init; }

    /// <summary>Bytes that are here.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes in all, or null where the server does not say.</summary>
    public required long? TotalBytes { get; init; }
}

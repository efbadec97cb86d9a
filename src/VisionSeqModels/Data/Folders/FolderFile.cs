namespace VisionSeqModels.Data;

/// <summary>A file in a folder of images.</summary>
/// <param name="Path">Its whole path.</param>
/// <param name="Relative">Its path relative to the folder that is loaded, with slashes.</param>
/// <param name="Class">The name of its class.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Modified">When it was last written, in UTC.</param>
internal sealed record FolderFile(string Path, string Relative, string Class, long Length, DateTime Modified);

namespace VisionSeqModels.Data;

/// <summary>A file that was left out, because it cannot be read as an image.</summary>
/// <param name="Path">The file, relative to the folder that was loaded, with slashes.</param>
/// <param name="Reason">What is wrong: the end of a sentence that begins with "it", for example <c>is empty</c>.</param>
public sealed record SkippedFile(string Path, string Reason);

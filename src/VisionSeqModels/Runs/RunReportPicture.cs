namespace VisionSeqModels;

/// <summary>A picture of a run folder, with its caption.</summary>
/// <param name="File">The file's name within the folder.</param>
/// <param name="Caption">What it shows.</param>
public sealed record RunReportPicture(string File, string Caption);

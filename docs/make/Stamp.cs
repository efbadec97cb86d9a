namespace VisionSeqModels.DocsMake;

/// <summary>When and where an illustration was made.</summary>
/// <param name="Commit">The commit that was checked out.</param>
/// <param name="Date">The day, ISO 8601.</param>
/// <param name="Machine">Processor, its vector instructions, and how many.</param>
/// <param name="Sources">The hash of what the illustration measures: <see cref="IllustrationFiles.Hash"/>.</param>
internal sealed record Stamp(string Commit, string Date, string Machine, string Sources);

namespace VisionSeqModels.Data;

/// <summary>A sample of a table: some steps of a sequence.</summary>
/// <param name="Series">Which sequence, in the order of the file.</param>
/// <param name="Begin">Its first step.</param>
/// <param name="Length">How many steps.</param>
/// <param name="Target">The step that its target stands in.</param>
internal readonly record struct TableSample(int Series, int Begin, int Length, int Target);

namespace VisionSeqModels.Checkpoints;

/// <summary>The name of a parameter or buffer, and its shape.</summary>
internal readonly record struct WeightShape(string Name, long[] Shape);

namespace VisionSeqModels;

/// <summary>A class, or a label, and how likely a model holds it to be.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Index">Its position among the model's outputs, from 0.</param>
/// <param name="Probability">From 0 to 1.</param>
public readonly record struct LabelProbability(string Label, int Index, double Probability);

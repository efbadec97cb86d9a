namespace VisionSeqModels.Drawing;

/// <summary>One line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">Its words in the legend.</param>
/// <param name="X">Where its points are.</param>
/// <param name="Y">Their values, as many; those that are not finite are left out.</param>
public sealed record LineSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);

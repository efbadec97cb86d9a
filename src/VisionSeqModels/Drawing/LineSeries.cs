namespace VisionSeqModels.Drawing;

/// <summary>One line of a <see cref="LineChart"/>.</summary>
public sealed record LineSeries
{
    /// <summary>Its name in the legend.</summary>
    public required string Name { get; init; }

    /// <summary>Where its points are.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>Their values, as many; those that are not finite are marked at the axis.</summary>
    public required IReadOnlyList<double> Y { get; init; }
}

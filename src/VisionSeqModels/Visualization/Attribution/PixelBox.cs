namespace VisionSeqModels.Visualization;

/// <summary>The part of an image that a unit can see.</summary>
public sealed record PixelBox
{
    /// <summary>The first row.</summary>
    public required int Top { get; init; }

    /// <summary>The first column.</summary>
    public required int Left { get; init; }

    /// <summary>How many rows.</summary>
    public required int Height { get; init; }

    /// <summary>How many columns.</summary>
    public required int Width { get; init; }
}

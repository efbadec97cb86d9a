namespace VisionSeqModels.Visualization;

/// <summary>The part of an image that a unit can see.</summary>
/// <param name="Top">The first row.</param>
/// <param name="Left">The first column.</param>
/// <param name="Height">How many rows.</param>
/// <param name="Width">How many columns.</param>
public sealed record PixelBox(int Top, int Left, int Height, int Width);

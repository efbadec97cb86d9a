namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="InvarianceCurves"/> does to images.</summary>
public enum ImageTransform
{
    /// <summary>Moves them to the right, by pixels.</summary>
    Shift,

    /// <summary>Enlarges them about their middle, by a factor.</summary>
    Scale,

    /// <summary>Turns them about their middle, counter-clockwise, by degrees.</summary>
    Rotate,
}

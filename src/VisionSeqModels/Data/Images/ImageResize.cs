namespace VisionSeqModels;

/// <summary>How a picture of any size becomes an image of the size that a model takes. docs/own-images.md has the
/// formulas.</summary>
public enum ImageResize
{
    /// <summary>Scaled, without distortion, until it just covers the image; what sticks out is cut off evenly on both
    /// sides.</summary>
    ShorterSide,

    /// <summary>Scaled to the image's height and width, whatever the distortion.</summary>
    Stretch,

    /// <summary>Scaled, without distortion, until it just fits in the image; the rest has the background's colour.</summary>
    Letterbox,
}

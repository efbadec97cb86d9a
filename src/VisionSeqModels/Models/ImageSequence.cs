namespace VisionSeqModels;

/// <summary>How an image <c>[channels, height, width]</c> becomes a sequence of feature vectors.</summary>
public enum ImageSequence
{
    /// <summary>A row a step, from the top: height steps of channels × width features.</summary>
    Rows,

    /// <summary>A column a step, from the left: width steps of channels × height features.</summary>
    Columns,

    /// <summary>A pixel a step, in reading order: height × width steps of one feature a channel.</summary>
    Pixels,

    /// <summary>A square patch a step, in reading order: features are channels × side × side.</summary>
    Patches,
}

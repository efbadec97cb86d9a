namespace VisionSeqModels;

/// <summary>How an image <c>[channels, height, width]</c> becomes a sequence of feature vectors.</summary>
public enum ImageSequence
{
    /// <summary>One step for each row, from the top: height steps of channels × width features.</summary>
    Rows,

    /// <summary>One step for each column, from the left: width steps of channels × height features.</summary>
    Columns,

    /// <summary>One step for each pixel, in reading order: height × width steps of channels features.</summary>
    Pixels,

    /// <summary>One step for each square patch, in reading order: channels × side × side features.</summary>
    Patches,
}

namespace VisionSeqModels;

/// <summary>Where the images of an <see cref="ImageDataset"/> are while a GPU trains on them.</summary>
public enum DataPlacement
{
    /// <summary>On the GPU if the bytes of all images are at most 2 GiB and fit, else in the computer's memory.</summary>
    Auto,

    /// <summary>On the GPU: copied once, at the first batch.</summary>
    Device,

    /// <summary>In the computer's memory: each batch is made there, in memory that the GPU copies from while the program goes
    /// on.</summary>
    Host,
}

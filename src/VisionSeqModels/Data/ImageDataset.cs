namespace VisionSeqModels.Data;
/// <summary>p</summary>
public sealed class ImageDataset;

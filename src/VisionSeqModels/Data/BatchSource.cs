namespace VisionSeqModels.Data;
/// <summary>p</summary>
public static class BatchSource;

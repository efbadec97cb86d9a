namespace VisionSeqModels.Runtime;
/// <summary>stub</summary>
public static class TorchRuntime { /// <summary>stub</summary>
public static void EnsureAvailable() { } /// <summary>stub</summary>
 public static object Describe() => new(); }

namespace VisionSeqModels.Runtime;
/// <summary>stub</summary>
public static class Devices { /// <summary>stub</summary>
public static TorchSharp.torch.Device Resolve(string name) => TorchSharp.torch.CPU; }

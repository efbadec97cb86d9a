using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Finds where models are, and moves them, and only where needed: moving replaces a module's parameters and parts
/// them from optimizers.</summary>
internal static class ModelDevice
{
    /// <summary>Where a model's parameters are; the CPU for one without any.</summary>
    public static Device Of(nn.Module model) => model.parameters().FirstOrDefault()?.device ?? CPU;

    public static void Move(nn.Module model, Device device)
    {
        if (model.parameters().Concat(model.buffers()).Any(tensor => !Same(tensor.device, device)))
        {
            model.to(device);
            foreach (var tensor in model.parameters().Concat(model.buffers()))
            {
                tensor.DetachFromDisposeScope();
            }
        }
    }

    // "cuda" without a number is the first GPU.
    private static bool Same(Device one, Device other) =>
        one.type == other.type && Math.Max(one.index, 0) == Math.Max(other.index, 0);
}

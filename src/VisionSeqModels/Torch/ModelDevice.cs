using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Finds a model's device, and moves a model if it is elsewhere. Moving replaces the parameters, which separates
/// them from an optimizer.</summary>
internal static class ModelDevice
{
    /// <summary>The device of a model's parameters; the CPU for a model without any.</summary>
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

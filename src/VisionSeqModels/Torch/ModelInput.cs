using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>An input as a model takes it: on its device, and of its dtype where both are floating.</summary>
internal static class ModelInput
{
    public static Tensor Of(nn.Module model, Tensor input)
    {
        var weight = model.parameters().FirstOrDefault(parameter => parameter.is_floating_point());
        var moved = input.detach().to(weight?.device ?? ModelDevice.Of(model));
        return weight is not null && moved.is_floating_point() ? moved.to_type(weight.dtype) : moved;
    }
}

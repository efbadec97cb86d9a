using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Clips gradients without waiting for the device. <c>nn.utils.clip_grad_norm_</c> waits, because it returns a number
/// to the host.</summary>
internal static class GradientClipping
{
    /// <summary>Clips in place; call it inside the step's dispose scope.</summary>
    /// <returns>The norm of all gradients before clipping, if a limit of the norm is given.</returns>
    public static Tensor? Clip(nn.Module model, double? value, double? norm) =>
        // in a method of its own, because the other one allocates its closures at its start
        value is null
        && norm is null
            ? null
            : ClipAll(model, value, norm);

    /// <summary>Divides all gradients by the total weight of the accumulated batches.</summary>
    public static void Divide(nn.Module model, Tensor weight)
    {
        using var noGradients = no_grad();
        var divisor = weight.Plus(weight.eq(Scalars.Zero)); // gradients of no weight are 0, and stay so
        List<Tensor> gradients = Gradients(model);
        if (AreListed(gradients))
        {
            TorchScripts.Call("divide", gradients.ToArray(), divisor);
            return;
        }

        gradients.ForEach(gradient => gradient.div_(divisor));
    }

    private static Tensor? ClipAll(nn.Module model, double? value, double? norm)
    {
        using var noGradients = no_grad();
        List<Tensor> gradients = Gradients(model);
        if (AreListed(gradients))
        {
            return ClipListed([.. gradients], value, norm);
        }

        if (value is double limit)
        {
            gradients.ForEach(gradient => gradient.clamp_(Scalars.Of(-limit), Scalars.Of(limit)));
        }

        if (norm is not double maximum || gradients.Count == 0)
        {
            return null;
        }

        var total = stack([.. gradients.Select(gradient => gradient.norm())]).norm();
        // PyTorch's formula
        var scale = total.Plus(Scalars.Of(1e-6)).pow(Scalars.Of(-1)).mul(Scalars.Of(maximum)).clamp(max: Scalars.One);
        gradients.ForEach(gradient => gradient.mul_(scale));
        return total;
    }

    /// <summary>The same in one call for all gradients each, as a GPU needs it: there each call costs more than its
    /// arithmetic.</summary>
    private static Tensor? ClipListed(Tensor[] gradients, double? value, double? norm)
    {
        if (value is double limit)
        {
            TorchScripts.Call("clamp", gradients, Scalars.Of(limit));
        }

        return norm is double maximum ? (Tensor)TorchScripts.Call("clip", gradients, Scalars.Of(maximum))! : null;
    }

    private static bool AreListed(List<Tensor> gradients) =>
        gradients.Count > 0
        && gradients[0].device_type is var type
        && (type == DeviceType.CUDA || (type == DeviceType.CPU && HostDevice.IsRemote))
        && TorchScripts.Exist;

    private static List<Tensor> Gradients(nn.Module model) =>
        [
            .. model
                .parameters()
                .Select(parameter => parameter.grad)
                .Where(gradient => gradient is not null)
                .Select(gradient => gradient!),
        ];
}

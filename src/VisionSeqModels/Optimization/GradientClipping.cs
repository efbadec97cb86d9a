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
        var divisor = weight + weight.eq(0); // gradients of no weight are 0, and stay so
        Gradients(model).ForEach(gradient => gradient.div_(divisor));
    }

    private static Tensor? ClipAll(nn.Module model, double? value, double? norm)
    {
        using var noGradients = no_grad();
        List<Tensor> gradients = Gradients(model);
        if (value is double limit)
        {
            gradients.ForEach(gradient => gradient.clamp_(-limit, limit));
        }

        if (norm is not double maximum || gradients.Count == 0)
        {
            return null;
        }

        var total = stack([.. gradients.Select(gradient => gradient.norm())]).norm();
        var scale = total.add(1e-6).pow(-1).mul(maximum).clamp(max: 1); // PyTorch's formula
        gradients.ForEach(gradient => gradient.mul_(scale));
        return total;
    }

    private static List<Tensor> Gradients(nn.Module model) =>
        [
            .. model
                .parameters()
                .Select(parameter => parameter.grad)
                .Where(gradient => gradient is not null)
                .Select(gradient => gradient!),
        ];
}

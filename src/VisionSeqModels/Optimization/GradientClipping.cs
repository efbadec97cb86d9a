using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Limits gradients without waiting for the device, unlike <c>nn.utils.clip_grad_norm_</c>, which returns a number
/// to the host.</summary>
internal static class GradientClipping
{
    /// <summary>Clips in place; call it inside the step's dispose scope.</summary>
    /// <returns>The norm of all gradients before clipping, where a limit for it is given.</returns>
    public static Tensor? Clip(nn.Module model, double? value, double? norm) =>
        // apart, since the closures of the other are made at its beginning
        value is null
        && norm is null
            ? null
            : ClipAll(model, value, norm);

    /// <summary>Divides all gradients by the sum of the weights of the batches they were accumulated over.</summary>
    public static void Divide(nn.Module model, Tensor weight)
    {
        using var noGradients = no_grad();
        Gradients(model).ForEach(gradient => gradient.div_(weight));
    }

    private static Tensor? ClipAll(nn.Module model, double? value, double? norm)
    {
        using var noGradients = no_grad();
        List<Tensor> gradients = Gradients(model);
        if (value is double limit)
        {
            gradients.ForEach(gradient => gradient.clamp_(-limit, limit));
        }

        if (norm is not double longest || gradients.Count == 0)
        {
            return null;
        }

        var total = stack([.. gradients.Select(gradient => gradient.norm())]).norm();
        var scale = total.add(1e-6).pow(-1).mul(longest).clamp(max: 1); // PyTorch's formula
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

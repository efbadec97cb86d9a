using VisionSeqModels.Models;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Lists the layers of a model.</summary>
public static class ModelSummaryExtensions
{
    /// <summary>Runs a batch of zeros through the model, in evaluation mode, and lists its layers in the order in which they
    /// ran, with shapes, parameters, calls and multiply-adds.</summary>
    /// <remarks>What runs outside modules, or by <c>forward</c> instead of <c>call</c>, is not seen and not counted.</remarks>
    /// <param name="model">The model, on any device; its weights, modes and gradients, and the random generator, stay as
    /// they are.</param>
    /// <param name="inputShape">The shape of an input with its batch, for example <c>[1, 3, 32, 32]</c>; a model that
    /// implements <see cref="IConfiguredModel"/>, as those of this library do, needs none.</param>
    /// <exception cref="ArgumentException">No shape is given.</exception>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The model cannot take such an input; the message
    /// is libtorch's.</exception>
    public static ModelSummary Summary(this nn.Module<Tensor, Tensor> model, params long[] inputShape)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputShape);
        if (inputShape.Length == 0)
        {
            inputShape = model is IConfiguredModel { InputShape: { } known }
                ? [.. known]
                : throw new ArgumentException(
                    $"Summary needs the shape of an input of '{model.GetName()}', for example Summary(1, 3, 32, 32).",
                    nameof(inputShape)
                );
        }

        long bytes = model.parameters().Concat(model.buffers()).Sum(tensor => tensor.numel() * tensor.element_size());
        return new ModelSummary(model.GetName(), inputShape, SummaryPass.Run(model, inputShape), bytes);
    }
}

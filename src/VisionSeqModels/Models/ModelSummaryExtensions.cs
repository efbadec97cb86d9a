using TorchSharp.Modules;
using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>Lists the layers of a model.</summary>
public static class ModelSummaryExtensions
{
    /// <summary>Runs a batch of zeros through the model, in evaluation mode, and records each layer's output
    /// shape.</summary>
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

        var shapes = OutputShapes(model, inputShape);
        var layers = model
            .named_modules()
            .Where(entry => !entry.module.children().Any() || Own(entry.module).Any())
            .Select(entry => new LayerSummary(
                entry.name,
                entry.module.GetType().Name,
                shapes.GetValueOrDefault(entry.name),
                Own(entry.module).Sum(p => p.numel()),
                Own(entry.module).Where(p => p.requires_grad).Sum(p => p.numel())
            ))
            .ToList();
        long bytes = model.parameters().Concat(model.buffers()).Sum(tensor => tensor.numel() * tensor.element_size());
        return new ModelSummary(model.GetName(), inputShape, layers, bytes);
    }

    private static IEnumerable<Parameter> Own(nn.Module module) => module.parameters(recurse: false);

    private static Dictionary<string, long[]> OutputShapes(nn.Module<Tensor, Tensor> model, long[] inputShape)
    {
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        using var modes = ModuleModes.Evaluating(model);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var removers = model
            .named_modules()
            .Select(entry => Watch(entry.module, shape => shapes[entry.name] = shape))
            .OfType<Action>()
            .ToList();
        try
        {
            var device = ModelDevice.Of(model);
            model.call(zeros(inputShape, device: device));
            return shapes;
        }
        finally
        {
            removers.ForEach(remove => remove());
        }
    }

    /// <summary>Adds a hook to a module of the common kinds; null for others.</summary>
    private static Action? Watch(nn.Module module, Action<long[]> seen)
    {
        switch (module)
        {
            case nn.Module<Tensor, Tensor> plain:
                return plain
                    .register_forward_hook(
                        (_, _, output) =>
                        {
                            seen(output.shape);
                            return output;
                        }
                    )
                    .remove;
            case nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> lstm:
                return lstm.register_forward_hook(
                    (_, _, _, output) =>
                    {
                        seen(output.Item1.shape);
                        return output;
                    }
                ).remove;
            case nn.Module<Tensor, Tensor?, (Tensor, Tensor)> recurrent:
                return recurrent
                    .register_forward_hook(
                        (_, _, _, output) =>
                        {
                            seen(output.Item1.shape);
                            return output;
                        }
                    )
                    .remove;
            default:
                return null;
        }
    }
}

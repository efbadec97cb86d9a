using TorchSharp.Modules;
using VisionSeqModels.Drawing;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Draws the weights of a convolution as a grid of small pictures.</summary>
/// <remarks>By default mid grey is zero; white and black are the largest weight's magnitude with either sign. In colour
/// this holds for each channel on its own. That value and the scale's rule are written on the picture. Weights that are NaN
/// or infinite have colours of their own.</remarks>
public static class FilterGrid
{
    /// <summary>Draws the filters of a convolution.</summary>
    /// <param name="convolution">The module; it is not changed.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static Picture Draw(Conv2d convolution, FilterGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        return Draw((Tensor)convolution.weight!, options);
    }

    /// <summary>Draws the filters of one of a model's convolutions.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="convolution">The convolution's name in <c>named_modules()</c>, for example <c>conv1</c>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no two-dimensional convolution of that name; the message lists those
    /// there are.</exception>
    public static Picture Draw(nn.Module model, string convolution, FilterGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var all = model
            .named_modules()
            .Where(entry => entry.module is Conv2d)
            .ToDictionary(entry => entry.name, entry => (Conv2d)entry.module);
        return all.TryGetValue(convolution, out var found)
            ? Draw(found, options)
            : throw new ArgumentException(
                $"The model {model.GetName()} has no two-dimensional convolution '{convolution}'. It has: "
                    + $"{string.Join(", ", all.Keys)}.",
                nameof(convolution)
            );
    }

    /// <summary>Draws filters.</summary>
    /// <param name="weights">The weights <c>[output channels, input channels, height, width]</c>, of any floating dtype, on
    /// any device; not changed.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The tensor has another number of dimensions, or no element.</exception>
    public static Picture Draw(Tensor weights, FilterGridOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        options ??= new FilterGridOptions();
        options.Validate();
        if (weights.dim() != 4 || weights.numel() == 0)
        {
            throw new ArgumentException(
                "The weights must have the shape [output channels, input channels, height, width], but have "
                    + $"{Shape.Of(weights)}.",
                nameof(weights)
            );
        }

        using var scope = NewDisposeScope();
        float[] values = weights.detach().cpu().to_type(ScalarType.Float32).contiguous().data<float>().ToArray();
        return new FilterTiles(values, weights.shape, options).Draw();
    }
}

using TorchSharp.Modules;
using VisionSeqModels.Kernels;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Which pixels a unit of a layer can see, from the sizes of the convolutions and poolings that the model runs
/// before it.</summary>
internal sealed class ReceptiveField
{
    private readonly record struct Window(long Kernel, long Stride, long Padding, long Dilation, long Size);

    private readonly List<(Window Rows, Window Columns)> _steps = [];

    /// <summary>Runs one image and notes what is run up to the layer.</summary>
    /// <exception cref="InvalidOperationException">A module's window is not known, or the model has branches.</exception>
    public ReceptiveField(nn.Module<Tensor, Tensor> model, Tensor image, string layer)
    {
        var target = ProbedLayers.Find(model, layer);
        bool done = false;
        (long Height, long Width) current = (image.size(2), image.size(3));
        using var scope = NewDisposeScope();
        using var probe = new ModelProbe(model);
        foreach (
            var (name, module) in ProbedLayers.All(model).Where(entry => !entry.Module.children().Any() || entry.Module == target)
        )
        {
            (long Height, long Width) before = current;
            probe.Before(
                module,
                input =>
                {
                    before = input.dim() == 4 ? (input.size(2), input.size(3)) : (0, 0);
                    return input;
                }
            );
            probe.Watch(
                module,
                output =>
                {
                    if (!done && output.dim() == 4 && !module.children().Any())
                    {
                        Add(name, module, current, before, (output.size(2), output.size(3)));
                        current = (output.size(2), output.size(3));
                    }

                    done |= module == target;
                }
            );
        }

        probe.Run(image);
    }

    /// <summary>How many convolutions are run, the layer itself included.</summary>
    public int ConvolutionCount { get; private set; }

    /// <summary>How many ReLU modules are run.</summary>
    public int ReluCount { get; private set; }

    /// <summary>The names of activations other than ReLU.</summary>
    public List<string> OtherActivations { get; } = [];

    public PixelBox BoxOf(int row, int column)
    {
        var (top, bottom) = Down(row, step => step.Rows);
        var (left, right) = Down(column, step => step.Columns);
        return new PixelBox
        {
            Top = (int)top,
            Left = (int)left,
            Height = (int)(bottom - top + 1),
            Width = (int)(right - left + 1),
        };
    }

    private (long First, long Last) Down(long place, Func<(Window Rows, Window Columns), Window> axis)
    {
        (long first, long last) = (place, place);
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            var window = axis(_steps[i]);
            first = Math.Max(0, (first * window.Stride) - window.Padding);
            // cut off at every layer: borders that no window reaches stay out
            last = Math.Min(window.Size - 1, (last * window.Stride) - window.Padding + (window.Dilation * (window.Kernel - 1)));
        }

        return (first, last);
    }

    private void Add(
        string name,
        nn.Module<Tensor, Tensor> module,
        (long, long) current,
        (long Height, long Width) input,
        (long Height, long Width) output
    )
    {
        if (input != current)
        {
            throw new InvalidOperationException(
                $"The input of the module '{name}' is not the output of the module run before it: in a model with branches "
                    + "the pixels that a unit sees are not known."
            );
        }

        ReluCount += module is ReLU ? 1 : 0;
        ConvolutionCount += module is Conv2d ? 1 : 0;
        if (ProbedLayers.IsActivation(module) && module is not ReLU)
        {
            OtherActivations.Add($"{name} ({module.GetName()})");
        }

        switch (module)
        {
            case Conv2d conv:
                var padding =
                    conv.padding_type == TorchSharp.Padding.Same
                        ? [.. conv.kernel_size.Select((size, i) => conv.dilation![i] * (size - 1) / 2)]
                        : conv.padding ?? [0, 0];
                Add(conv.kernel_size, conv.stride, padding, conv.dilation, input);
                break;
            case MaxPool2x2:
                Add([2], [2], [0], [1], input);
                break;
            case MaxPool2d pool:
                Add(pool.kernel_size, pool.stride ?? pool.kernel_size, pool.padding, pool.dilation, input);
                break;
            case AvgPool2d pool:
                Add(pool.kernel_size, pool.stride ?? pool.kernel_size, pool.padding, null, input);
                break;
            default:
                if (input != output)
                {
                    throw new InvalidOperationException(
                        $"The module '{name}' ({module.GetName()}) turns {input.Height}×{input.Width} into "
                            + $"{output.Height}×{output.Width} pixels by a rule that is not known here, so neither are the "
                            + "pixels that a unit sees."
                    );
                }

                break;
        }
    }

    private void Add(long[] kernel, long[]? stride, long[]? padding, long[]? dilation, (long Height, long Width) input)
    {
        long At(long[]? values, int axis, long missing) =>
            values is null || values.Length == 0 ? missing : values[Math.Min(axis, values.Length - 1)];
        Window Axis(int axis, long size) =>
            new(At(kernel, axis, 1), At(stride, axis, 1), At(padding, axis, 0), At(dilation, axis, 1), size);
        _steps.Add((Axis(0, input.Height), Axis(1, input.Width)));
    }
}

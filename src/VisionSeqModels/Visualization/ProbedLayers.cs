using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Chooses the layers to look at, from what a model ran.</summary>
internal static class ProbedLayers
{
    // By PyTorch's names: what may stand between a convolution and its activation, and what is an activation.
    private static readonly HashSet<string> Between =
    [
        "BatchNorm1d",
        "BatchNorm2d",
        "GroupNorm",
        "InstanceNorm1d",
        "InstanceNorm2d",
        "Dropout",
        "Dropout2d",
        "Identity",
    ];
    private static readonly HashSet<string> Activations =
    [
        "ReLU",
        "ReLU6",
        "LeakyReLU",
        "PReLU",
        "RReLU",
        "ELU",
        "SELU",
        "CELU",
        "GELU",
        "SiLU",
        "Mish",
        "Tanh",
        "Sigmoid",
        "Hardtanh",
        "Hardsigmoid",
        "Hardswish",
        "Softplus",
        "Softsign",
        "Softshrink",
        "Hardshrink",
        "Threshold",
    ];

    /// <summary>The layers of these names; without names each convolution, after its activation where it has one, in the order
    /// in which they ran.</summary>
    /// <exception cref="ArgumentException">The model ran no such layer, or no convolution.</exception>
    public static IReadOnlyList<ProbedLayer> Choose(ForwardTrace trace, IReadOnlyList<string>? names)
    {
        if (names is not null)
        {
            return
            [
                .. names
                    .Select(trace.Find)
                    .Distinct()
                    .Select(call => new ProbedLayer(call.Name, call.Name, IsImageLine(trace, call))),
            ];
        }

        List<ProbedLayer> found =
        [
            .. trace.Calls.Where(call => call.Module is Conv2d or Conv1d or Conv3d).Select(call => AfterActivation(trace, call)),
        ];
        return found.Count > 0
            ? found
            : throw new ArgumentException(
                $"The model {trace.ModelName} ran no convolution that can be seen; name the layers to look at. It ran: "
                    + $"{string.Join(", ", trace.Calls.Select(call => call.Name))}."
            );
    }

    /// <summary>The last call that gives maps of more than one pixel from which the model's output comes.</summary>
    /// <exception cref="ArgumentException">None does.</exception>
    public static string LastMaps(ForwardTrace trace)
    {
        using var scope = NewDisposeScope();
        var maps = trace.Calls.Where(call => call.GivesMaps).ToList();
        var gradients = SafeGradients.Of(trace.Output, ones_like(trace.Output), [.. maps.Select(call => call.Output)]);
        return maps.Where((_, i) => gradients[i] is not null).LastOrDefault()?.Name
            ?? throw new ArgumentException(
                $"No module of {trace.ModelName} that leads to its output gives feature maps [batch, channels, height, width] "
                    + "of more than one pixel, so there is no class activation map. Use Attribution.Saliency for such a model."
            );
    }

    public static bool IsActivation(nn.Module module) => Activations.Contains(module.GetName());

    /// <exception cref="ArgumentException">The model declares no such module; the message lists those there are.</exception>
    public static void Check(nn.Module model, IReadOnlyList<string>? names)
    {
        var declared = ModuleHooks.All(model).Select(entry => entry.Name).ToList();
        if (names?.FirstOrDefault(name => !declared.Contains(ModuleCall.LayerOf(name))) is string missing)
        {
            throw ForwardTrace.NoSuchModule(model.GetName(), missing, declared, nameof(names));
        }
    }

    /// <summary>Whether a call gives <c>[batch, channels, length]</c>: it is a one-dimensional convolution, pooling or
    /// normalisation, or a module without weights that took what such a one gave.</summary>
    private static bool IsImageLine(ForwardTrace trace, TracedCall call)
    {
        for (TracedCall? source = call; source?.Output.dim() == 3; source = trace.GiverOf(source))
        {
            string kind = source.Module.GetName();
            if (kind.EndsWith("1d", StringComparison.Ordinal))
            {
                return true;
            }

            if (source.Module.parameters(recurse: false).Any() || !source.Call.IsLeaf)
            {
                return false;
            }
        }

        return false;
    }

    private static ProbedLayer AfterActivation(ForwardTrace trace, TracedCall convolution)
    {
        var next = trace.TakerOf(convolution);
        while (next is not null && Between.Contains(next.Module.GetName()))
        {
            next = trace.TakerOf(next);
        }

        bool isLine = convolution.Module is Conv1d;
        return next is not null && IsActivation(next.Module)
            ? new ProbedLayer(next.Name, $"{convolution.Name} after {next.Module.GetName()}", isLine)
            : new ProbedLayer(convolution.Name, convolution.Name, isLine);
    }
}

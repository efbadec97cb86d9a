using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Finds the modules to look at.</summary>
internal static class ProbedLayers
{
    // By PyTorch's names: what may stand between a convolution and its activation, and what is an activation.
    private static readonly HashSet<string> Between = ["BatchNorm2d", "GroupNorm", "InstanceNorm2d"];
    private static readonly HashSet<string> Activations =
    [
        "ReLU",
        "ReLU6",
        "LeakyReLU",
        "PReLU",
        "ELU",
        "SELU",
        "CELU",
        "GELU",
        "SiLU",
        "Mish",
        "Tanh",
        "Sigmoid",
        "Hardtanh",
        "Hardswish",
        "Softplus",
        "Softsign",
    ];

    public static IReadOnlyList<(string Name, string Title, nn.Module<Tensor, Tensor> Module)> Choose(
        nn.Module<Tensor, Tensor> model,
        IReadOnlyList<string>? names
    )
    {
        if (names is not null)
        {
            return [.. names.Select(name => (name, name, Find(model, name)))];
        }

        var found = AfterConvolutions(All(model)).ToList();
        return found.Count > 0
            ? found
            : throw new ArgumentException(
                $"The model {model.GetName()} has no two-dimensional convolution among its modules; name the layers to look at.",
                nameof(model)
            );
    }

    /// <summary>All modules within a model that turn one tensor into one, by their names.</summary>
    public static List<(string Name, nn.Module<Tensor, Tensor> Module)> All(nn.Module<Tensor, Tensor> model) =>
        [
            .. model
                .named_modules()
                .Where(entry => entry.name.Length > 0 && entry.module is nn.Module<Tensor, Tensor>)
                .Select(entry => (entry.name, (nn.Module<Tensor, Tensor>)entry.module)),
        ];

    public static bool IsActivation(nn.Module module) => Activations.Contains(module.GetName());

    /// <exception cref="ArgumentException">There is no such module; the message lists those there are.</exception>
    public static nn.Module<Tensor, Tensor> Find(nn.Module<Tensor, Tensor> model, string name) =>
        All(model).FirstOrDefault(entry => entry.Name == name).Module
        ?? throw new ArgumentException(
            $"The model {model.GetName()} has no module '{name}' that turns one tensor into one. It has: "
                + $"{string.Join(", ", All(model).Select(entry => entry.Name))}.",
            nameof(name)
        );

    private static IEnumerable<(string Name, string Title, nn.Module<Tensor, Tensor> Module)> AfterConvolutions(
        List<(string Name, nn.Module<Tensor, Tensor> Module)> modules
    )
    {
        for (int i = 0; i < modules.Count; i++)
        {
            if (modules[i].Module is not Conv2d)
            {
                continue;
            }

            int next = i + 1;
            while (next < modules.Count && Between.Contains(modules[next].Module.GetName()))
            {
                next++;
            }

            yield return next < modules.Count && Activations.Contains(modules[next].Module.GetName())
                ? (modules[next].Name, $"{modules[i].Name} after {modules[next].Module.GetName()}", modules[next].Module)
                : (modules[i].Name, modules[i].Name, modules[i].Module);
        }
    }
}

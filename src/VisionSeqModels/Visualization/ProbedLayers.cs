using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Finds the modules to look at.</summary>
internal static class ProbedLayers
{
    // In PyTorch's words: what may stand between a convolution and its activation, and what is an activation.
    private static readonly HashSet<string> Between = ["BatchNorm2d", "GroupNorm", "InstanceNorm2d"];
    private static readonly HashSet<string> Activations =
        ["ReLU", "ReLU6", "LeakyReLU", "PReLU", "ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "Tanh", "Sigmoid", "Hardtanh", "Hardswish", "Softplus", "Softsign"];

    public static IReadOnlyList<(string Name, string Title, nn.Module<Tensor, Tensor> Module)> Choose(
        nn.Module<Tensor, Tensor> model, IReadOnlyList<string>? names)
    {
        var modules = model.named_modules().Where(entry => entry.name.Length > 0 && entry.module is nn.Module<Tensor, Tensor>)
            .Select(entry => (Name: entry.name, Module: (nn.Module<Tensor, Tensor>)entry.module)).ToList();
        if (names is null)
        {
            var found = AfterConvolutions(modules).ToList();
            return found.Count > 0 ? found : throw new ArgumentException(
                $"The model {model.GetName()} has no two-dimensional convolution among its modules; name the layers to look at.", nameof(model));
        }

        var known = modules.ToDictionary(entry => entry.Name, entry => entry.Module, StringComparer.Ordinal);
        return [.. names.Select(name => known.TryGetValue(name, out var module) ? (name, name, module) : throw new ArgumentException(
            $"The model {model.GetName()} has no module '{name}' that turns one tensor into one. It has: {string.Join(", ", known.Keys)}.", nameof(names)))];
    }

    private static IEnumerable<(string Name, string Title, nn.Module<Tensor, Tensor> Module)> AfterConvolutions(
        List<(string Name, nn.Module<Tensor, Tensor> Module)> modules)
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

using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>A parameter of a model, as a predicate sees it that chooses parameters.</summary>
/// <param name="Name">Its name in the model, for example <c>features.0.weight</c>.</param>
/// <param name="Value">The parameter; borrowed. For a normalisation without parameters, its running mean.</param>
/// <param name="Module">The module that holds it.</param>
public readonly record struct NamedParameter(string Name, Tensor Value, nn.Module Module)
{
    /// <summary>All parameters of a model, in its order.</summary>
    internal static List<NamedParameter> Of(nn.Module model)
    {
        var modules = new Dictionary<string, nn.Module>(StringComparer.Ordinal);
        foreach (var (name, module) in model.named_modules())
        {
            modules[name] = module;
        }

        return [.. model.named_parameters().Select(entry => new NamedParameter(entry.name, entry.parameter, Holder(entry.name)))];

        nn.Module Holder(string name)
        {
            for (int dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
            {
                if (modules.TryGetValue(name[..dot], out var module))
                {
                    return module;
                }
            }

            return model;
        }
    }

    /// <summary>The names in a list, as messages show them.</summary>
    internal static string Names(IEnumerable<NamedParameter> parameters) =>
        string.Join(", ", parameters.Select(parameter => parameter.Name));
}

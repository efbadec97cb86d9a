using VisionSeqModels.Core;

namespace VisionSeqModels.Checkpoints;

/// <summary>Finds the dict of weights in what a PyTorch file holds: a state dict, or a checkpoint with one in it.</summary>
internal static class PyTorchEntries
{
    private const int MostNames = 100;

    // What trainers call it, most likely first.
    private static readonly string[] Known = ["state_dict", "model_state_dict", "model", "module", "net", "network", "weights"];

    /// <summary>The name of the dict, empty for the file's own, and its tensors. Values that are no tensors, such as an epoch,
    /// are left out.</summary>
    /// <exception cref="FormatException">There is no such dict, or there are several.</exception>
    public static (string Name, IReadOnlyDictionary<string, TensorReference> Tensors) Choose(object? root, string? entry)
    {
        if (root is not PickleDict dict)
        {
            throw new FormatException(
                "it holds no dict of tensors. In Python, save torch.save(model.state_dict(), 'weights.pth')."
            );
        }

        var names = Known
            .Concat(dict.Entries.Where(item => item.Value is PickleDict).Select(item => item.Key).Take(MostNames))
            .Distinct(StringComparer.Ordinal)
            .Where(name => HasTensors(dict[name]))
            .ToList();
        string name = entry ?? Usual(dict, names);
        object? chosen = name.Length == 0 ? dict : dict[name];
        return HasTensors(chosen)
            ? (name, TensorsOf((PickleDict)chosen!))
            : throw new FormatException(
                $"it has no tensors in '{PlainText.Of(name)}'. Its dicts of tensors are: "
                    + $"{(names.Count == 0 ? "none" : PlainText.List(names))}."
            );
    }

    private static string Usual(PickleDict dict, List<string> names) =>
        names.Count > 0 && Known.Contains(names[0]) ? names[0]
        : HasTensors(dict) ? ""
        : names.Count == 1 ? names[0]
        : throw new FormatException(
            names.Count == 0
                ? "it holds no dict of tensors. In Python, save torch.save(model.state_dict(), 'weights.pth')."
                : $"it has several dicts of tensors: {PlainText.List(names)}. Name one by LoadWeightsOptions {{ Entry }}."
        );

    private static bool HasTensors(object? value) =>
        value is PickleDict dict && dict.Entries.Any(item => item.Value is TensorReference);

    private static Dictionary<string, TensorReference> TensorsOf(PickleDict dict) =>
        dict
            .Entries.Where(item => item.Value is TensorReference)
            .ToDictionary(item => item.Key, item => (TensorReference)item.Value!, StringComparer.Ordinal);
}

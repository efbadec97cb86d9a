using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Optimization;

/// <summary>Which parameters an optimizer holds, group by group: its saved state has no names, only their order.</summary>
internal static class OptimizerGroups
{
    /// <summary>The names, or null for an optimizer of another kind than TorchSharp's own.</summary>
    public static IReadOnlyList<IReadOnlyList<string>>? Of(optim.Optimizer optimizer, nn.Module model)
    {
        var names = new Dictionary<IntPtr, string>();
        foreach (var (name, parameter) in model.named_parameters())
        {
            names[parameter.Handle] = name;
        }

        var groups = optimizer.ParamGroups.ToList();
        return groups.TrueForAll(group => group is ParamGroup)
            ? groups.ConvertAll(group =>
                (IReadOnlyList<string>)
                    [.. ((ParamGroup)group).Parameters.Select(parameter => names.GetValueOrDefault(parameter.Handle, "?"))]
            )
            : null;
    }

    /// <exception cref="InvalidOperationException">The saved state is of other parameters, or of other groups.</exception>
    public static void Check(IReadOnlyList<IReadOnlyList<string>>? saved, IReadOnlyList<IReadOnlyList<string>>? now)
    {
        if (
            saved is null
            || now is null
            || (saved.Count == now.Count && saved.Zip(now).All(pair => pair.First.SequenceEqual(pair.Second)))
        )
        {
            return;
        }

        throw new InvalidOperationException(
            $"The run cannot be resumed, because its optimizer held other parameters, or in other groups: {Text(saved)} became "
                + $"{Text(now)}. Give the same parameter groups, the same Freezing and the same requires_grad as at its start. "
                + "To train parameters from a later epoch on, use TrainerOptions.Freezing from the start."
        );
    }

    private static string Text(IReadOnlyList<IReadOnlyList<string>> groups) =>
        string.Join(" + ", groups.Select(group => $"[{string.Join(", ", group)}]"));
}

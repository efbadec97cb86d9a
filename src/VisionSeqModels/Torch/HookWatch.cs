using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Finds whether a module has hooks. TorchSharp keeps them in private fields; if these are not found, the module
/// counts as hooked.</summary>
internal sealed class HookWatch
{
    private static readonly string[] Fields = ["pre_hooks", "post_hooks", "module_pre_hooks", "module_post_hooks"];
    private readonly ICollection[] _hooks;

    public HookWatch(nn.Module module) => _hooks = [.. Fields.Select(name => Find(module, name)).OfType<ICollection>()];

    /// <summary>How many hooks there are; the greatest number where they are not found.</summary>
    public int Count => _hooks.Length < Fields.Length ? int.MaxValue : _hooks.Sum(hooks => hooks.Count);

    public bool IsHooked => _hooks.Length < Fields.Length || Array.Exists(_hooks, hooks => hooks.Count > 0);

    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2075",
        Justification = "TorchSharp uses the fields, so trimming keeps them; without them the module counts as hooked."
    )]
    private static object? Find(nn.Module module, string name)
    {
        for (var type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (
                type.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is FieldInfo field
            )
            {
                return field.GetValue(module);
            }
        }

        return null;
    }
}

using System.Reflection;

namespace VisionSeqModels.Training;

/// <summary>A callback of a run: the hooks it overrides, and who it is to <see cref="HookSeed"/>.</summary>
/// <param name="callback">The callback.</param>
/// <param name="number">Which one of its type it is, from 0.</param>
internal sealed class CallbackSlot(Callback callback, int number)
{
    private static readonly MethodInfo[] Hooks =
    [
        .. typeof(Callback)
            .GetMethods()
            .Where(method => method.IsVirtual && method.Name.StartsWith("On", StringComparison.Ordinal)),
    ];

    private readonly ulong _identity = HookSeed.OfCallback(callback.GetType(), number);
    private readonly bool _draws = callback.DrawsRandomNumbers;
    private readonly HashSet<string> _overridden = [.. Hooks.Where(hook => Overrides(callback, hook)).Select(hook => hook.Name)];

    public Callback Callback => callback;

    public bool Overrides(string hook) => _overridden.Contains(hook);

    /// <summary>Begins a call of a hook. Until it ends, the context's generators are those of this hook; where the hook may draw
    /// from libtorch's generator, that is seeded for it and other threads wait.</summary>
    public HookCall Enter(string hook, FitContext context) =>
        new(context, HookSeed.OfHook(_identity, hook), _draws && Overrides(hook));

    private static bool Overrides(Callback callback, MethodInfo hook) =>
        callback.GetType().GetMethod(hook.Name, [hook.GetParameters()[0].ParameterType])!.DeclaringType != typeof(Callback);
}

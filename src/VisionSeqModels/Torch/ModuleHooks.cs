using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Sees each call of a model's modules, on the thread that made it, until it is disposed. It counts the calls of
/// each module from <see cref="Restart"/> on.</summary>
/// <remarks>TorchSharp runs hooks for modules that are called by <c>call</c>; it does not run them for
/// <c>forward</c>.</remarks>
internal sealed class ModuleHooks : IDisposable
{
    [ThreadStatic]
    private static List<ModuleHooks>? s_active;

    private readonly List<Action> _removers = [];
    private readonly Dictionary<nn.Module, string> _names = [];
    private readonly Dictionary<nn.Module, int> _counts = [];
    private readonly Stack<ModuleCall> _open = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly bool _observes;
    private readonly Func<ModuleCall, Tensor, Tensor> _before;
    private readonly Func<ModuleCall, Tensor, Tensor> _after;

    /// <param name="modules">The modules to watch, with their names.</param>
    /// <param name="before">Gets the input of each call and gives the input to use; the tensor is borrowed.</param>
    /// <param name="after">Gets the output of each call and gives the output to use; the tensor is borrowed.</param>
    /// <param name="observes">Whether it only looks at outputs: <paramref name="after"/> gives back what it got. A kernel that
    /// computes several modules at once can then show what each would have given.</param>
    public ModuleHooks(
        IEnumerable<(string Name, nn.Module Module)> modules,
        Func<ModuleCall, Tensor, Tensor>? before,
        Func<ModuleCall, Tensor, Tensor> after,
        bool observes = false
    )
    {
        _observes = observes;
        (_before, _after) = (before ?? ((_, input) => input), after);
        foreach (var (name, module) in modules.DistinctBy(entry => entry.Module))
        {
            _names[module] = name;
            Register(name, module);
        }

        (s_active ??= []).Add(this);
    }

    /// <summary>All modules within a model, with their names; the model itself is not one of them.</summary>
    public static List<(string Name, nn.Module Module)> All(nn.Module model) =>
        [.. model.named_modules().Where(entry => entry.name.Length > 0 && entry.module != model)];

    /// <summary>Runs a call of a module for which TorchSharp runs no hooks, as one of packed sequences, so that whoever watches
    /// on this thread sees it.</summary>
    /// <param name="module">The module.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="call">Runs it.</param>
    public static Tensor Around(nn.Module module, Tensor input, Func<Tensor, Tensor> call)
    {
        ModuleHooks[] watching = s_active is { Count: > 0 } active
            ? [.. active.Where(hooks => hooks._names.ContainsKey(module))]
            : [];
        foreach (var hooks in watching)
        {
            input = hooks.Enter(hooks._names[module], module, input);
        }

        var output = call(input);
        foreach (var hooks in watching)
        {
            output = hooks.Leave(output);
        }

        return output;
    }

    /// <summary>Whether somebody observes a module on this thread.</summary>
    public static bool IsObserved(nn.Module module) => ObserversOf(module).Any();

    /// <summary>Whether all hooks of a module are those of observers on this thread.</summary>
    public static bool HasOnlyObservers(nn.Module module, HookWatch hooks) => hooks.Count == 2 * ObserversOf(module).Count();

    /// <summary>Shows a module's output, which was computed without calling it, to those who observe it on this
    /// thread.</summary>
    public static void Observe(nn.Module module, Tensor output)
    {
        foreach (var hooks in ObserversOf(module).ToList())
        {
            hooks.Enter(hooks._names[module], module, output);
            hooks.Leave(output);
        }
    }

    /// <summary>Begins a pass: the next call of each module is its first.</summary>
    public void Restart()
    {
        _counts.Clear();
        _open.Clear();
    }

    public void Dispose()
    {
        s_active?.Remove(this);
        _removers.ForEach(remove => remove());
        _removers.Clear();
    }

    private static IEnumerable<ModuleHooks> ObserversOf(nn.Module module) =>
        (s_active ?? []).Where(hooks => hooks._observes && hooks._names.ContainsKey(module));

    private void Register(string name, nn.Module module)
    {
        switch (module)
        {
            case nn.Module<Tensor, Tensor> plain:
                _removers.Add(plain.register_forward_pre_hook((_, input) => Enter(name, module, input)).remove);
                _removers.Add(plain.register_forward_hook((_, _, output) => Leave(output)).remove);
                break;
            case nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> lstm:
                _removers.Add(lstm.register_forward_pre_hook((_, input, state) => (Enter(name, module, input), state)).remove);
                _removers.Add(
                    lstm.register_forward_hook((_, _, _, output) => (Leave(output.Item1), output.Item2, output.Item3)).remove
                );
                break;
            case nn.Module<Tensor, Tensor?, (Tensor, Tensor)> recurrent:
                _removers.Add(
                    recurrent.register_forward_pre_hook((_, input, state) => (Enter(name, module, input), state)).remove
                );
                _removers.Add(recurrent.register_forward_hook((_, _, _, output) => (Leave(output.Item1), output.Item2)).remove);
                break;
        }
    }

    private Tensor Enter(string name, nn.Module module, Tensor input)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            return input;
        }

        int number = _counts[module] = _counts.GetValueOrDefault(module) + 1;
        var call = new ModuleCall(name, number, module);
        _open.Push(call);
        return _before(call, input);
    }

    private Tensor Leave(Tensor output) =>
        Environment.CurrentManagedThreadId == _thread && _open.TryPop(out var call) ? _after(call, output) : output;
}

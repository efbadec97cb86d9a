using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Sees each call of a model's modules, on the thread that made it, until it is disposed. It counts the calls of
/// each module from <see cref="Restart"/> on.</summary>
/// <remarks>TorchSharp runs hooks for modules that are called by <c>call</c>; it does not run them for
/// <c>forward</c>.</remarks>
internal sealed class ModuleHooks : IDisposable
{
    private readonly List<Action> _removers = [];
    private readonly Dictionary<nn.Module, int> _counts = [];
    private readonly Stack<ModuleCall> _open = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Func<ModuleCall, Tensor, Tensor> _before;
    private readonly Func<ModuleCall, Tensor, Tensor> _after;

    /// <param name="modules">The modules to watch, with their names.</param>
    /// <param name="before">Gets the input of each call and gives the input to use; the tensor is borrowed.</param>
    /// <param name="after">Gets the output of each call and gives the output to use; the tensor is borrowed.</param>
    public ModuleHooks(
        IEnumerable<(string Name, nn.Module Module)> modules,
        Func<ModuleCall, Tensor, Tensor>? before,
        Func<ModuleCall, Tensor, Tensor> after
    )
    {
        (_before, _after) = (before ?? ((_, input) => input), after);
        foreach (var (name, module) in modules.DistinctBy(entry => entry.Module))
        {
            Register(name, module);
        }
    }

    /// <summary>All modules within a model, with their names; the model itself is not one of them.</summary>
    public static List<(string Name, nn.Module Module)> All(nn.Module model) =>
        [.. model.named_modules().Where(entry => entry.name.Length > 0 && entry.module != model)];

    /// <summary>Begins a pass: the next call of each module is its first.</summary>
    public void Restart()
    {
        _counts.Clear();
        _open.Clear();
    }

    public void Dispose()
    {
        _removers.ForEach(remove => remove());
        _removers.Clear();
    }

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

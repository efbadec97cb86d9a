using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>One pass of a model, call by call: which module ran, in what order, on what, and what it gave. Every view that
/// needs more than numbers of one layer is made from it.</summary>
/// <remarks>
/// The model runs in evaluation mode, with gradients; no other thread may use it meanwhile. What a call took and gave is kept
/// as it was: the model continues with copies, so that a later operation in place changes those. The copies are part of the
/// graph, so that gradients reach what was kept. A result without a graph (of a part that was detached) begins a new one.
/// Modes and hooks are given back at the end of the pass; the tensors live until the trace is disposed.
/// </remarks>
internal sealed class ForwardTrace : IDisposable
{
    private readonly List<Tensor> _kept = [];
    private readonly List<TracedCall> _calls = [];

    private readonly List<(string Name, nn.Module Module)> _declared;

    private ForwardTrace(nn.Module model)
    {
        ModelName = model.GetName();
        _declared = ModuleHooks.All(model);
    }

    public string ModelName { get; }

    /// <summary>A copy of the input, which asks for gradients where its dtype has any.</summary>
    public Tensor Input { get; private set; } = null!;

    /// <summary>What the model gave.</summary>
    public Tensor Output { get; private set; } = null!;

    /// <summary>The calls in the order in which they ended: a module's before that of the module which holds it.</summary>
    public IReadOnlyList<TracedCall> Calls => _calls;

    /// <summary>Runs a model once and keeps what each call took and gave.</summary>
    /// <param name="model">The model; nothing of it changes.</param>
    /// <param name="input">The input, on any device, of any floating dtype: the model gets it on its own.</param>
    /// <param name="replace">Gives another output for a call, from its input and output; null for the model's own.</param>
    /// <param name="call">Runs the model on the input; null for its <c>call</c>.</param>
    public static ForwardTrace Run(
        nn.Module<Tensor, Tensor> model,
        Tensor input,
        Func<ModuleCall, Tensor, Tensor, Tensor>? replace = null,
        Func<Tensor, Tensor>? call = null
    ) => Run(model, input, keepInputs: true, replace ?? ((_, _, output) => output), call ?? model.call);

    /// <summary>Runs a model once and keeps what each call gave: a traced call's input is its output here.</summary>
    public static ForwardTrace OfOutputs(nn.Module<Tensor, Tensor> model, Tensor input) =>
        Run(model, input, keepInputs: false, (_, _, output) => output, model.call);

    private static ForwardTrace Run(
        nn.Module<Tensor, Tensor> model,
        Tensor input,
        bool keepInputs,
        Func<ModuleCall, Tensor, Tensor, Tensor> replace,
        Func<Tensor, Tensor> call
    )
    {
        using var modes = ModuleModes.Evaluating(model);
        using var normal = inference_mode(false);
        using var gradients = enable_grad();
        var trace = new ForwardTrace(model);
        try
        {
            trace.Record(model, input, keepInputs, replace, call);
            return trace;
        }
        catch
        {
            trace.Dispose();
            throw;
        }
    }

    /// <summary>The call of a name.</summary>
    /// <exception cref="ArgumentException">The model has no such module; the message lists those it has.</exception>
    /// <exception cref="InvalidOperationException">The model did not run it, or not so often.</exception>
    public TracedCall Find(string name)
    {
        if (_calls.Find(call => call.Name == name) is TracedCall found)
        {
            return found;
        }

        string layer = ModuleCall.LayerOf(name);
        int calls = _calls.Count(call => call.Call.Layer == layer);
        var (_, module) = _declared.Find(entry => entry.Name == layer);
        var others = _calls.Where(call => call.Module == module).Select(call => call.Name).ToList();
        throw module is null ? NoSuchModule(ModelName, name, _declared.Select(entry => entry.Name), nameof(name))
        : calls == 0 && others.Count > 0
            ? new ArgumentException(
                $"The model {ModelName} has its module '{layer}' under another name too, by which its calls are named: "
                    + $"{string.Join(", ", others)}. Give one of these names.",
                nameof(name)
            )
        : new InvalidOperationException(
            calls == 0
                ? $"The model {ModelName} did not run its module '{name}', or ran it by forward instead of call: only "
                    + "modules that are called can be seen."
                : $"The model {ModelName} ran its module '{layer}' {calls} times, so there is no '{name}'."
        );
    }

    /// <summary>The exception for a name that no module of a model has.</summary>
    public static ArgumentException NoSuchModule(string model, string name, IEnumerable<string> declared, string parameter) =>
        new($"The model {model} has no module '{name}'. It has: {string.Join(", ", declared)}.", parameter);

    /// <summary>The next module without modules of its own that took what a call gave, unchanged; null where none
    /// did.</summary>
    public TracedCall? TakerOf(TracedCall call) =>
        _calls
            .SkipWhile(other => other != call)
            .Skip(1)
            .FirstOrDefault(other => other.Call.IsLeaf && Same(call.Output, other.Input));

    /// <summary>The last module without modules of its own that gave what a call took, unchanged; null where none
    /// did.</summary>
    public TracedCall? GiverOf(TracedCall call) =>
        _calls.TakeWhile(other => other != call).LastOrDefault(other => other.Call.IsLeaf && Same(other.Output, call.Input));

    /// <summary>Whether two tensors hold the same values in the same order, whatever their shapes.</summary>
    public static bool Same(Tensor one, Tensor other)
    {
        if (one.numel() != other.numel() || one.dtype != other.dtype || one.numel() == 0)
        {
            return false;
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return one.flatten().eq(other.flatten()).logical_or(one.flatten().isnan()).all().item<bool>();
    }

    public void Dispose()
    {
        _kept.ForEach(tensor => tensor.Dispose());
        _kept.Clear();
    }

    private void Record(
        nn.Module<Tensor, Tensor> model,
        Tensor input,
        bool keepInputs,
        Func<ModuleCall, Tensor, Tensor, Tensor> replace,
        Func<Tensor, Tensor> call
    )
    {
        using var scope = NewDisposeScope();
        var inputs = new Dictionary<ModuleCall, Tensor>();
        using var hooks = new ModuleHooks(
            ModuleHooks.All(model),
            (part, taken) =>
            {
                inputs[part] = keepInputs ? Keep(taken.clone()) : taken;
                return keepInputs ? inputs[part].clone() : taken;
            },
            (part, given) =>
            {
                var output = Keep(replace(part, inputs[part], given));
                _calls.Add(new TracedCall(part, keepInputs ? inputs[part] : output, output));
                return output.clone();
            }
        );
        Input = Keep(ModelInput.Of(model, input).clone());
        Output = Keep(call(Input.clone()));
    }

    /// <summary>A tensor of its own that nobody else writes to. One without a graph begins one.</summary>
    private Tensor Keep(Tensor tensor)
    {
        var kept = tensor.requires_grad ? tensor.alias() : tensor.detach();
        if (!kept.requires_grad && kept.is_floating_point())
        {
            kept.requires_grad_();
        }

        _kept.Add(kept.DetachFromDisposeScope());
        return kept;
    }
}

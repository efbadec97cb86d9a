using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>One pass of a model with gradients, whose backward pass may treat ReLUs by another rule than the gradient's. The
/// graph is cut at each call of a ReLU module, and the signal is moved over the cuts explicitly: TorchSharp has no backward
/// hooks, and an exception within a custom backward would end the process.</summary>
internal sealed class ModifiedBackpropagation : IDisposable
{
    private readonly ReluRule _rule;
    private readonly ModelProbe _probe;
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly List<Tensor> _kept = [];
    private readonly List<(Tensor Before, Tensor After)> _cuts = [];
    private readonly Dictionary<nn.Module, Tensor> _outputs = [];
    private Tensor? _input;

    /// <param name="model">The model; its modes and hooks are given back on Dispose.</param>
    /// <param name="rule">What ReLUs do.</param>
    /// <param name="watched">Modules whose outputs are wanted.</param>
    public ModifiedBackpropagation(
        nn.Module<Tensor, Tensor> model,
        ReluRule rule,
        params IEnumerable<nn.Module<Tensor, Tensor>> watched
    )
    {
        _model = model;
        _rule = rule;
        _probe = new ModelProbe(model);
        var wanted = watched.ToHashSet();
        foreach (var module in model.modules().OfType<nn.Module<Tensor, Tensor>>().Append(model).Distinct())
        {
            if (module is ReLU relu && rule != ReluRule.Gradient)
            {
                Cut(relu);
            }

            if (wanted.Contains(module)) // after the cut, so that a ReLU's output is what lies behind it
            {
                _probe.Watch(module, output => _outputs[module] = Keep(output.alias()));
            }
        }
    }

    /// <summary>The inputs that the gradient is with respect to: a copy of the caller's.</summary>
    public Tensor Input => _input!;

    /// <summary>How often ReLU modules were called in the last pass.</summary>
    public int ReluCallCount => _cuts.Count;

    /// <summary>Runs the model on a copy of the inputs.</summary>
    public Tensor Forward(Tensor inputs)
    {
        Clear();
        using var gradients = enable_grad();
        _input = Keep(inputs.detach().clone().requires_grad_());
        return Keep(_model.call(_input).alias());
    }

    /// <summary>What a watched module gave in the last pass, within the graph.</summary>
    /// <exception cref="InvalidOperationException">The model did not call it.</exception>
    public Tensor OutputOf(nn.Module<Tensor, Tensor> module) =>
        _outputs.TryGetValue(module, out var output)
            ? output
            : throw new InvalidOperationException(
                $"The model did not run its module {module.GetName()}, or ran it by forward instead of call: only "
                    + "modules that are called can be seen."
            );

    /// <summary>Propagates a signal from a tensor of the last pass to the inputs.</summary>
    /// <param name="from">The scores, or a watched module's output.</param>
    /// <param name="signal">The signal, of the same shape.</param>
    /// <returns>Of the inputs' shape; it belongs to the current dispose scope.</returns>
    public Tensor Back(Tensor from, Tensor signal)
    {
        using var gradients = enable_grad();
        Tensor[] sources = [Input, .. _cuts.Select(cut => cut.After)];
        var signals = new Tensor?[sources.Length];
        Push(from, signal, sources, signals);
        for (int i = _cuts.Count; i > 0; i--)
        {
            Push(_cuts[i - 1].Before, Through(signals[i]!, _cuts[i - 1].Before), sources[..i], signals);
        }

        return signals[0]!;
    }

    public void Dispose()
    {
        Clear();
        _probe.Dispose();
    }

    private static void Push(Tensor from, Tensor signal, Tensor[] sources, Tensor?[] signals)
    {
        // An empty part of each source is added, so that the graph reaches all of them: TorchSharp leaks the gradient of a
        // source that is not reached, and a tensor that depends on none ends the process.
        var connected = sources.Aggregate(from, (sum, source) => sum + source.flatten().narrow(0, 0, 0).sum());
        var gradients = autograd.grad([connected], sources, [signal], retain_graph: true);
        for (int i = 0; i < sources.Length; i++)
        {
            signals[i] = signals[i] is Tensor sum ? sum + gradients[i] : gradients[i];
        }
    }

    private Tensor Through(Tensor signal, Tensor before) =>
        _rule switch
        {
            ReluRule.Deconvnet => signal.detach().relu(),
            ReluRule.Guided => signal.detach().relu() * before.detach().gt(0),
            _ => signal.detach() * before.detach().gt(0),
        };

    private void Cut(ReLU relu)
    {
        // An in-place ReLU must not change what is kept.
        Tensor? before = null;
        _probe.Before(
            relu,
            input =>
            {
                before = Keep(input.alias());
                return input.clone();
            }
        );
        _probe.Replace(
            relu,
            output =>
            {
                var after = Keep(output.detach().requires_grad_());
                _cuts.Add((before!, after));
                return after.alias();
            }
        );
    }

    private Tensor Keep(Tensor tensor)
    {
        _kept.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    private void Clear()
    {
        _kept.ForEach(tensor => tensor.Dispose());
        _kept.Clear();
        _cuts.Clear();
        _outputs.Clear();
    }
}

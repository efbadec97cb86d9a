using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Zoo;

/// <summary>What a zoo model computes, by hand, with a backward pass that follows a rule at each ReLU that is a module: the
/// graph is cut there, and the signal is carried over the cuts.</summary>
internal sealed class ReferencePass
{
    private readonly List<(Tensor Before, Tensor After)> _cuts = [];
    private readonly Dictionary<string, Tensor> _given = new(StringComparer.Ordinal);
    private readonly ReluRule _rule;

    public ReferencePass(ZooModel model, Tensor images, ReluRule rule = ReluRule.Gradient)
    {
        _rule = rule;
        bool training = model.training;
        model.eval();
        Input = images.detach().clone().requires_grad_();
        Scores = model.Reference(
            Input,
            rule == ReluRule.Gradient ? tensor => tensor.relu() : Cut,
            (name, output) => _given.Add(name, output)
        );
        model.train(training);
    }

    public Tensor Input { get; }

    public Tensor Scores { get; }

    public IReadOnlyDictionary<string, Tensor> Given => _given;

    /// <summary>The signal that gets from a tensor to others; null where none does.</summary>
    public Tensor? Back(Tensor from, Tensor seed, Tensor? to = null)
    {
        to ??= Input;
        Tensor[] sources = [to, .. _cuts.Select(cut => cut.After)];
        var signals = new Tensor?[sources.Length];
        Push(from, seed, sources, signals);
        for (int i = _cuts.Count; i > 0; i--)
        {
            if (signals[i] is Tensor signal)
            {
                var (before, _) = _cuts[i - 1];
                var passed = signal.relu();
                Push(before, _rule == ReluRule.Guided ? passed * before.detach().gt(0) : passed, sources[..i], signals);
            }
        }

        return signals[0];
    }

    private static void Push(Tensor from, Tensor signal, Tensor[] sources, Tensor?[] signals)
    {
        if (!from.requires_grad)
        {
            return;
        }

        foreach (var source in sources.Where(source => source.requires_grad))
        {
            source.grad = null;
        }

        var reachable = sources.Where(source => source.requires_grad).ToArray();
        autograd.backward([from], [signal], retain_graph: true, inputs: reachable);
        for (int i = 0; i < sources.Length; i++)
        {
            if (sources[i].requires_grad && sources[i].grad is Tensor gradient)
            {
                signals[i] = signals[i] is Tensor sum ? sum + gradient : gradient.clone();
            }
        }
    }

    private Tensor Cut(Tensor before)
    {
        var after = before.relu().detach().requires_grad_();
        _cuts.Add((before, after));
        return after;
    }
}

using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Finds on the device whether all weights and buffers of a model are finite. A step with NaN or infinite gradients
/// leaves such weights for good, so a check now and then misses none.</summary>
/// <remarks>A buffer that holds infinities from the start, such as an attention's mask, is checked for NaN alone.</remarks>
internal sealed class FiniteCheck
{
    private readonly nn.Module _model;
    private readonly HashSet<string> _infinite = [];

    /// <summary>Reads once which buffers hold infinities; a model without buffers is not read.</summary>
    public FiniteCheck(nn.Module model)
    {
        _model = model;
        _infinite = [.. Those(Buffers(), (_, buffer) => buffer.isinf().any())];
    }

    /// <summary>A single boolean on the model's device, in the current dispose scope; null for a model without floating-point
    /// tensors.</summary>
    public Tensor? Flag()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] flags = [.. Weights().Concat(Buffers()).Select(entry => IsSound(entry.Name, entry.Value))];
        return flags.Length == 0 ? null : stack(flags).all().MoveToOuterDisposeScope();
    }

    /// <summary>The first weight that is not finite, in the model's order, else the first such buffer: for example
    /// <c>weight 'out.bias'</c>; null if there is none. It reads from the device.</summary>
    public string? First() => First("weight", Weights()) is string weight ? weight : First("buffer", Buffers());

    /// <summary>The first of some tensors that is not finite, a buffer only where it has a NaN: for example
    /// <c>tensor 'out.bias'</c>; null if there is none.</summary>
    public static string? First(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlySet<string> weights) =>
        Those(
            tensors.Where(entry => entry.Value.is_floating_point()).Select(entry => (entry.Key, entry.Value)),
            (name, value) => weights.Contains(name) ? value.isfinite().all().logical_not() : value.isnan().any()
        )
            is [string name, ..]
            ? $"tensor '{name}'"
            : null;

    private string? First(string kind, IEnumerable<(string Name, Tensor Value)> tensors) =>
        Those(tensors, (name, value) => IsSound(name, value).logical_not()) is [string name, ..] ? $"{kind} '{name}'" : null;

    private static List<string> Those(IEnumerable<(string Name, Tensor Value)> tensors, Func<string, Tensor, Tensor> test)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var tested = tensors.Select(entry => (entry.Name, Flag: test(entry.Name, entry.Value))).ToList();
        double[] flags = tested.Count == 0 ? [] : new HostReader().Numbers(tested.Select(entry => entry.Flag));
        return [.. tested.Where((_, i) => flags[i] != 0).Select(entry => entry.Name)];
    }

    private Tensor IsSound(string name, Tensor value) =>
        _infinite.Contains(name) ? value.isnan().any().logical_not() : value.isfinite().all();

    private IEnumerable<(string Name, Tensor Value)> Weights() =>
        _model
            .named_parameters()
            .Where(entry => entry.parameter.is_floating_point())
            .Select(entry => (entry.name, (Tensor)entry.parameter));

    private IEnumerable<(string Name, Tensor Value)> Buffers() =>
        _model.named_buffers().Where(entry => entry.buffer is not null && entry.buffer.is_floating_point());
}

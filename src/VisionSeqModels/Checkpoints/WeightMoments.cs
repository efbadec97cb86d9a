using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>The mean of a model's weights over several times, and the sum of squared differences to it (Welford), on the
/// model's device.</summary>
internal sealed class WeightMoments : IDisposable
{
    private const string MeanPrefix = "mean.";
    private const string SquaresPrefix = "squares.";

    private readonly ModelSnapshot _mean;
    private readonly Dictionary<string, Tensor> _squares;

    public WeightMoments(nn.Module model)
    {
        using var noGradients = no_grad();
        _mean = new ModelSnapshot(model);
        _squares = model
            .named_parameters()
            .Where(entry => entry.parameter.is_floating_point())
            .ToDictionary(
                entry => entry.name,
                entry => zeros_like(entry.parameter, requires_grad: false).DetachFromDisposeScope(),
                StringComparer.Ordinal
            );
    }

    public int Count { get; private set; }

    /// <summary>The names of the parameters, which have a deviation.</summary>
    public IReadOnlySet<string> Parameters => _squares.Keys.ToHashSet(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Tensor> Mean => _mean.Tensors;

    public void Add(nn.Module model)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, value) in model.state_dict())
        {
            var mean = _mean.Tensors[name];
            if (Count == 0 || !value.is_floating_point())
            {
                mean.copy_(value);
            }
            else
            {
                var before = value - mean;
                mean.AddInPlace(before.div(Scalars.Of(Count + 1)));
                _ = _squares.TryGetValue(name, out var squares)
                    ? squares.addcmul_(before, value - mean, Scalars.One)
                    : mean.copy_(where(value.isfinite(), mean, value)); // a buffer may be a mask of infinities
            }
        }

        Count++;
    }

    /// <summary>New tensors in the current dispose scope.</summary>
    public Dictionary<string, Tensor> Deviation()
    {
        using var noGradients = no_grad();
        return _squares.ToDictionary(
            entry => entry.Key,
            entry =>
            {
                using var variance = entry.Value.div(Scalars.Of(Count));
                return variance.sqrt();
            },
            StringComparer.Ordinal
        );
    }

    public IEnumerable<KeyValuePair<string, Tensor>> Save() =>
        _mean
            .Tensors.Select(entry => KeyValuePair.Create(MeanPrefix + entry.Key, entry.Value))
            .Concat(_squares.Select(entry => KeyValuePair.Create(SquaresPrefix + entry.Key, entry.Value)));

    public void Load(int count, IReadOnlyDictionary<string, Tensor> saved)
    {
        Count = count;
        ModelSnapshot.Copy(Part(saved, MeanPrefix), _mean.Tensors);
        ModelSnapshot.Copy(Part(saved, SquaresPrefix), _squares);
    }

    public void Dispose()
    {
        _mean.Dispose();
        foreach (var tensor in _squares.Values)
        {
            tensor.Dispose();
        }
    }

    private static Dictionary<string, Tensor> Part(IReadOnlyDictionary<string, Tensor> saved, string prefix) =>
        saved
            .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value, StringComparer.Ordinal);
}

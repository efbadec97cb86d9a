using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Gradients and buffers of a model over the shards of a step: each shard begins without gradients and with the
/// buffers of the step's start, and leaves one row of numbers that are to be added.</summary>
/// <remarks>The row has the gradients, and how far each floating-point buffer moved, times the shard's samples. So a buffer ends
/// as the mean of those of the shards, and one that no shard changes keeps its bits. Its tensors belong to the current dispose
/// scope.</remarks>
internal sealed class ShardState
{
    private readonly Tensor[] _parameters;
    private readonly bool[] _reached;
    private readonly (Tensor Now, Tensor Before)[] _moving;
    private readonly (Tensor Now, Tensor Before)[] _others;
    private Tensor[] _othersOfFirst = [];

    public ShardState(nn.Module model)
    {
        using var noGradients = no_grad();
        _parameters = [.. model.parameters().Where(parameter => parameter.requires_grad)];
        _reached = new bool[_parameters.Length];
        var buffers = model
            .buffers()
            .Where(buffer => buffer is not null)
            .Select(buffer => (Now: buffer, Before: buffer.clone()))
            .ToList();
        _moving = [.. buffers.Where(buffer => buffer.Now.is_floating_point())];
        _others = [.. buffers.Where(buffer => !buffer.Now.is_floating_point())];
        bool isDouble = _parameters.Concat(_moving.Select(buffer => buffer.Now)).Any(value => value.dtype == ScalarType.Float64);
        RowType = isDouble ? ScalarType.Float64 : ScalarType.Float32;
        RowLength = checked((int)(_parameters.Sum(Numbers) + _moving.Sum(buffer => Numbers(buffer.Now))));
    }

    public ScalarType RowType { get; }

    public int RowLength { get; }

    /// <summary>What ranks exchange besides the rows: which parameters had a gradient; with the first shard, what its other
    /// buffers became.</summary>
    public List<Tensor> Facts(Device device) => [tensor(_reached, device: device), .. _othersOfFirst];

    /// <summary>Takes over the facts of all ranks; those of rank 0 come first.</summary>
    public void Take(IReadOnlyList<List<Tensor>> facts, HostReader reader)
    {
        _othersOfFirst = [.. facts[0].Skip(1).Take(_others.Length)];
        double[] flags = reader.Numbers([stack([.. facts.Select(fact => fact[0])]).any(0).to_type(ScalarType.Float64)]);
        for (int i = 0; i < _reached.Length; i++)
        {
            _reached[i] = flags[i] != 0;
        }
    }

    /// <summary>How many tensors the facts of a rank are.</summary>
    public int CountOfFacts(bool withFirstShard) => 1 + (withFirstShard ? _others.Length : 0);

    public void Begin()
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (now, before) in _moving.Concat(_others))
        {
            now.copy_(before);
        }

        foreach (var parameter in _parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>The row of the shard that is done; it belongs to the current dispose scope.</summary>
    /// <param name="samples">The shard's samples.</param>
    /// <param name="isFirst">Whether it is the first of all shards.</param>
    public Tensor Row(int samples, bool isFirst)
    {
        using var noGradients = no_grad();
        if (isFirst)
        {
            _othersOfFirst = [.. _others.Select(buffer => buffer.Now.clone())];
        }

        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (int i = 0; i < _parameters.Length; i++)
        {
            var gradient = _parameters[i].grad;
            _reached[i] |= gradient is not null;
            parts.Add((gradient ?? zeros_like(_parameters[i])).detach().flatten().to_type(RowType));
        }

        foreach (var (now, before) in _moving)
        {
            var moved = (now - before).masked_fill(now.eq(before), Scalars.Zero); // infinities stay, and would give NaN
            parts.Add(moved.flatten().to_type(RowType).mul(Scalars.Of(samples)));
        }

        return cat(parts).MoveToOuterDisposeScope();
    }

    /// <summary>Gives the model its buffers, and the sums of the gradients.</summary>
    /// <param name="total">The sum of all rows.</param>
    /// <param name="samples">The samples of all shards.</param>
    public void End(Tensor total, int samples)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        long begin = 0;
        Tensor Next(Tensor like)
        {
            var part = total.narrow(0, begin, like.numel()).view(like.shape);
            begin += like.numel();
            return part;
        }

        for (int i = 0; i < _parameters.Length; i++)
        {
            var sum = Next(_parameters[i]);
            _parameters[i].grad = _reached[i] ? sum.to_type(_parameters[i].dtype) : null;
        }

        foreach (var (now, before) in _moving)
        {
            var moved = Next(now);
            now.copy_(
                where(
                    moved.eq(Scalars.Zero),
                    before.to_type(RowType),
                    before.to_type(RowType).Plus(moved.div(Scalars.Of(samples)))
                )
            );
        }

        for (int i = 0; i < _others.Length; i++)
        {
            _others[i].Now.copy_(_othersOfFirst[i]);
        }
    }

    private static long Numbers(Tensor tensor) => tensor.numel();
}

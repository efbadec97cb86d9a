using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>The contributions of a metric that keeps its samples: on the device until they are read, then on the
/// host.</summary>
/// <param name="metric">The metric's name, for messages.</param>
/// <param name="limit">How many numbers it may keep; default what an array of .NET holds.</param>
internal sealed class KeptSamples(string metric, long? limit = null) : IDisposable
{
    private readonly List<Tensor> _pending = [];
    private readonly long _limit = limit ?? Array.MaxLength;
    private double[] _numbers = [];
    private int _read;
    private long _count;
    private long[]? _row;

    /// <summary>What is on the host. The memory stays as it is when more is added.</summary>
    public ReadOnlyMemory<double> Numbers => _numbers.AsMemory(0, _read);

    /// <summary>What was not read yet, in order.</summary>
    public IReadOnlyList<Tensor> Pending => _pending;

    /// <summary>Keeps a copy of a batch's contribution, without its graph.</summary>
    public void Add(Tensor measured)
    {
        long[] row = measured.dim() == 0 ? [] : measured.shape[1..];
        if (measured.dim() == 0 || (_row is not null && !row.AsSpan().SequenceEqual(_row)))
        {
            throw new ArgumentException(
                $"The metric '{metric}' keeps its samples, so Measure must return a row for each of them, "
                    + $"{Expected(_row)}, but it returned {Torch.Shape.Of(measured)}."
            );
        }

        _row = row;
        _count += measured.numel();
        if (_count > _limit)
        {
            throw new InvalidOperationException(
                $"The metric '{metric}' would keep {_count} numbers, but at most {_limit} fit. "
                    + "Measure fewer samples at once, or use a metric that adds up."
            );
        }

        _pending.Add(measured.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>Takes over the pending contributions, as the host read them.</summary>
    public void Take(ReadOnlySpan<double> numbers)
    {
        if (_read + numbers.Length > _numbers.Length)
        {
            long size = Math.Min(Math.Max(_read + (long)numbers.Length, 2L * _numbers.Length), Array.MaxLength);
            double[] larger = new double[size];
            Numbers.CopyTo(larger);
            _numbers = larger;
        }

        numbers.CopyTo(_numbers.AsSpan(_read));
        _read += numbers.Length;
        DropPending();
    }

    /// <summary>Begins with saved numbers.</summary>
    public void Load(double[] numbers)
    {
        Clear();
        (_numbers, _read, _count) = (numbers, numbers.Length, numbers.Length);
    }

    public void Clear()
    {
        DropPending();
        (_numbers, _read, _count, _row) = ([], 0, 0, null);
    }

    public void Dispose() => DropPending();

    private static string Expected(long[]? row) => $"[rows{string.Concat((row ?? []).Select(size => $", {size}"))}]";

    private void DropPending()
    {
        _pending.ForEach(tensor => tensor.Dispose());
        _pending.Clear();
    }
}

using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Adds up loss and metrics over batches, on the device; the host reads them all at once.</summary>
internal sealed class MetricTotals(Loss loss, IReadOnlyList<Metric> metrics, Device device, HostReader reader) : IDisposable
{
    private const int LossAt = 0;
    private const int WeightAt = 1;
    private const int FirstMetric = 2;

    // The sum of losses, of the loss's own weights where it has any, then each metric's; made at the first batch, when
    // shapes are known. Null for a metric that keeps its samples.
    private readonly Tensor?[] _totals = new Tensor?[FirstMetric + metrics.Count];
    private readonly KeptSamples?[] _kept =
    [
        .. new KeptSamples?[FirstMetric],
        .. metrics.Select(metric => metric.KeepsSamples ? new KeptSamples(metric.Name) : null),
    ];
    private MetricSums? _windowBegin;

    public long SampleCount { get; private set; }

    /// <summary>Adds a batch; call it inside the step's dispose scope. A loss that the step computed anyway is taken as it
    /// is.</summary>
    public void Add(Tensor outputs, Tensor targets, int count, Tensor? meanLoss = null)
    {
        using var noGradients = no_grad();
        var mean = meanLoss?.detach() ?? loss.Compute(outputs, targets);
        if (loss.TotalWeight(targets) is Tensor weight)
        {
            Total(LossAt, mean).addcmul_(mean, weight, Scalars.One);
            Total(WeightAt, weight).AddInPlace(weight);
        }
        else
        {
            Total(LossAt, mean).add_(mean, alpha: Scalars.Of(count));
            Total(WeightAt, mean);
        }

        var scores = outputs.detach();
        var wanted = loss.MetricTargets(targets);
        for (int i = 0; i < metrics.Count; i++)
        {
            var measured = metrics[i].Measure(scores, wanted);
            if (_kept[FirstMetric + i] is KeptSamples kept)
            {
                kept.Add(measured);
            }
            else
            {
                Total(FirstMetric + i, measured).AddInPlace(measured);
            }
        }

        SampleCount += count;
    }

    /// <summary>Waits for the device and reads everything; the flag, where one is given, is read with it.</summary>
    /// <param name="finite">A single boolean, for example whether all weights are finite.</param>
    public MetricSums Read(Tensor? finite = null)
    {
        if (SampleCount == 0)
        {
            return new MetricSums(loss, metrics, 0, [], AllFinite: true);
        }

        using var scope = NewDisposeScope();
        Tensor[] flag = finite is null ? [] : [finite.to_type(SumType)];
        double[] numbers = reader.Numbers([.. Enumerable.Range(0, _totals.Length).SelectMany(Unread), .. flag]);
        int begin = 0;
        var parts = new ReadOnlyMemory<double>[_totals.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            var read = numbers.AsMemory(begin, (int)Unread(i).Sum(tensor => tensor.numel()));
            begin += read.Length;
            _kept[i]?.Take(read.Span);
            parts[i] = _kept[i]?.Numbers ?? read;
        }

        return new MetricSums(loss, metrics, SampleCount, parts, finite is null || numbers[^1] != 0);
    }

    /// <summary>The metrics since the last call, or since the epoch's start.</summary>
    public MetricSums Window(MetricSums now)
    {
        var window = _windowBegin is null ? now : now.Since(_windowBegin);
        _windowBegin = now;
        return window;
    }

    public void Reset()
    {
        using var scope = NewDisposeScope(); // every in-place operation returns one more handle
        foreach (var total in _totals)
        {
            total?.zero_();
        }

        foreach (var kept in _kept)
        {
            kept?.Clear();
        }

        SampleCount = 0;
        _windowBegin = null;
    }

    public void Dispose()
    {
        foreach (var total in _totals)
        {
            total?.Dispose();
        }

        foreach (var kept in _kept)
        {
            kept?.Dispose();
        }
    }

    /// <summary>What a run's state must keep within an epoch.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Save()
    {
        if (SampleCount == 0)
        {
            return [];
        }

        if (_kept.Any(kept => kept?.Pending.Count > 0))
        {
            _ = Read();
        }

        var saved = _totals.Select(
            (total, i) => KeyValuePair.Create($"totals.{i}", total ?? tensor(_kept[i]!.Numbers.ToArray()))
        );
        return _windowBegin is null ? saved : saved.Append(KeyValuePair.Create("window", tensor(_windowBegin.Flat())));
    }

    public void Load(IReadOnlyDictionary<string, Tensor> saved, long sampleCount)
    {
        using var scope = NewDisposeScope();
        for (int i = 0; i < _totals.Length && sampleCount > 0; i++)
        {
            var numbers = saved[$"totals.{i}"];
            if (_kept[i] is KeptSamples kept)
            {
                kept.Load(numbers.data<double>().ToArray());
            }
            else
            {
                _totals[i]?.Dispose();
                _totals[i] = numbers.to(device, copy: true).DetachFromDisposeScope();
            }
        }

        SampleCount = sampleCount;
        _windowBegin = saved.TryGetValue("window", out var window)
            ? MetricSums.FromFlat(
                loss,
                metrics,
                window.data<double>().ToArray(),
                [.. _totals.Select((total, i) => (int?)total?.numel())],
                [.. _kept.Select(kept => kept?.Numbers ?? default)]
            )
            : null;
    }

    /// <summary>What the next read brings of a loss or metric.</summary>
    private IEnumerable<Tensor> Unread(int index) => _kept[index]?.Pending ?? [_totals[index]!];

    private Tensor Total(int index, Tensor like) =>
        _totals[index] ??= zeros(like.shape, dtype: SumType, device: device).DetachFromDisposeScope();

    // Apple's GPUs have no float64.
    private ScalarType SumType => device.type == DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64;
}

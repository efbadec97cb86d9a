using TorchSharp;
using VisionSeqModels.Metrics;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>Adds up loss and metrics over batches, on the device; the host reads them all at once.</summary>
internal sealed class MetricTotals : IDisposable
{
    private readonly Loss _loss;
    private readonly IReadOnlyList<Metric> _metrics;
    private readonly Device _device;
    private readonly Tensor?[] _totals; // the loss first, then each metric; made at the first batch, when shapes are known

    public MetricTotals(Loss loss, IReadOnlyList<Metric> metrics, Device device)
    {
        _loss = loss;
        _metrics = metrics;
        _device = device;
        _totals = new Tensor?[metrics.Count + 1];
    }

    public long SampleCount { get; private set; }

    /// <summary>How often values were brought to the host.</summary>
    public int HostReads { get; private set; }

    /// <summary>Adds a batch; call it inside the step's dispose scope. A loss that the step computed anyway is taken as it is.</summary>
    public void Add(Tensor outputs, Tensor targets, int count, Tensor? meanLoss = null)
    {
        using var noGradients = no_grad();
        var loss = meanLoss?.detach() ?? _loss.Compute(outputs, targets);
        Total(0, loss).add_(loss, alpha: count);
        var scores = outputs.detach();
        for (int i = 0; i < _metrics.Count; i++)
        {
            var measured = _metrics[i].Measure(scores, targets);
            Total(i + 1, measured).add_(measured);
        }

        SampleCount += count;
    }

    /// <summary>Loss and metrics by name, in order; NaN for all where no batch was added.</summary>
    public IReadOnlyDictionary<string, double> Read(string prefix)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        double[][] totals = SampleCount == 0 ? [] : ReadTotals();
        values[prefix + "loss"] = SampleCount == 0 ? double.NaN : totals[0][0] / SampleCount;
        for (int i = 0; i < _metrics.Count; i++)
        {
            values[prefix + _metrics[i].Name] = SampleCount == 0 ? double.NaN : _metrics[i].Compute(totals[i + 1], SampleCount);
        }

        return values;
    }

    public void Reset()
    {
        using var scope = NewDisposeScope(); // every in-place operation returns one more handle
        foreach (var total in _totals)
        {
            total?.zero_();
        }

        SampleCount = 0;
    }

    public void Dispose()
    {
        foreach (var total in _totals)
        {
            total?.Dispose();
        }
    }

    private Tensor Total(int index, Tensor like) => _totals[index] ??=
        zeros(like.shape, dtype: SumType, device: _device).DetachFromDisposeScope();

    // Apple's GPUs have no float64.
    private ScalarType SumType => _device.type == DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64;

    private double[][] ReadTotals()
    {
        using var scope = NewDisposeScope();
        HostReads++;
        using var host = cat([.. _totals.Select(total => total!.flatten())]).cpu().to_type(ScalarType.Float64);
        double[] all = host.data<double>().ToArray();
        double[][] parts = new double[_totals.Length][];
        int begin = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            int length = (int)_totals[i]!.numel();
            parts[i] = all[begin..(begin + length)];
            begin += length;
        }

        return parts;
    }
}

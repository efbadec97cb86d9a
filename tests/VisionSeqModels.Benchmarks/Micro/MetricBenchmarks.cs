using BenchmarkDotNet.Attributes;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Micro;

/// <summary>What a step's metrics cost: measuring a batch of 64 and adding it up, and reading the sums at an epoch's
/// end.</summary>
public class MetricBenchmarks
{
    private readonly Tensor _scores = randn(64, 10);
    private readonly Tensor _labels = randint(0, 10, [64], dtype: ScalarType.Int64);
    private readonly Tensor _loss = ones([]);
    private MetricTotals _totals = null!;

    /// <summary>Which metrics besides the loss.</summary>
    [Params("loss alone", "accuracy", "accuracy, top 3, F1")]
    public string Metrics { get; set; } = "loss alone";

    [GlobalSetup]
    public void Prepare()
    {
        Metric[] all = [new Accuracy(), new TopKAccuracy(3), new F1Score(10)];
        _totals = new MetricTotals(
            Losses.CrossEntropy(),
            all[..Metrics.Split(',').Count(name => name != "loss alone")],
            CPU,
            new HostReader()
        );
        Add();
    }

    [GlobalCleanup]
    public void Clean() => _totals.Dispose();

    [Benchmark]
    public void Add()
    {
        using var scope = NewDisposeScope();
        _totals.Add(_scores, _labels, 64, _loss);
    }

    [Benchmark]
    public object Read() => _totals.Read().ByName("train_");
}

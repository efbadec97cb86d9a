using System.Text.Json.Nodes;
using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.KnownAnswers;

/// <summary>Every metric over several uneven batches, for random cases, against scikit-learn.</summary>
[Collection("Torch")]
public sealed class MetricAnswersTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();
    private Random _random = new(0);

    [ScikitLearnTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Metrics_AreScikitLearns(int seed)
    {
        using var scope = NewDisposeScope();
        using var cases = new PyTorchCases(_folder);
        _random = new Random(seed);
        manual_seed(seed);
        var all = Enumerable.Range(0, 6).SelectMany(i => Classes(i).Concat(Binary(i)).Concat(Regression(i))).ToList();
        foreach (var (options, _, outputs, targets) in all)
        {
            options["kind"] = "metric";
            cases.Add(options, ("x", outputs), ("y", targets));
        }

        cases.Run();
        for (int i = 0; i < all.Count; i++)
        {
            cases.Compare(i, InBatches(all[i].Metric, all[i].Outputs, all[i].Targets));
        }

        output.WriteLine($"{cases.Count} metrics, largest relative error {cases.LargestError:g3}: {cases.WorstCase}");
        cases.AssertWithin(1e-12, 80);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What the trainer does: contributions of uneven batches, read once.</summary>
    internal static double InBatches(Metric metric, Tensor outputs, Tensor targets)
    {
        using var scope = NewDisposeScope();
        using var totals = new MetricTotals(Losses.MeanSquaredError(), [metric], CPU, new HostReader());
        long count = outputs.size(0);
        for (long begin = 0, size = 1; begin < count; begin += size, size += 2)
        {
            size = Math.Min(size, count - begin);
            totals.Add(outputs.narrow(0, begin, size), targets.narrow(0, begin, size), (int)size, zeros([]));
        }

        return totals.Read().ByName("")[metric.Name];
    }

    private IEnumerable<(JsonObject Options, Metric Metric, Tensor Outputs, Tensor Targets)> Classes(int i)
    {
        int classes = _random.Next(3, 8);
        int batch = _random.Next(20, 60);
        var x = randn(batch, classes) * 2;
        var y = randint(0, classes, [batch], dtype: ScalarType.Int64);
        long ignored = i % 2 == 0 ? -100 : classes - 1;
        var some = where(rand(batch).lt(0.3), full_like(y, ignored), y);
        int k = _random.Next(1, classes);
        int bins = _random.Next(3, 20);
        yield return (Named("accuracy"), new Accuracy(), x, y);
        yield return (Named("accuracy", ("ignore", ignored)), new Accuracy(ignored), x, some);
        yield return (Named("top_k", ("k", k)), new TopKAccuracy(k), x, y);
        yield return (Named("top_k", ("k", k), ("ignore", ignored)), new TopKAccuracy(k, ignored), x, some);
        yield return (Named("calibration", ("bins", bins)), new CalibrationError(bins), x, y);
        yield return (
            Named("calibration", ("bins", bins), ("ignore", ignored)),
            new CalibrationError(bins, ignoreIndex: ignored),
            x,
            some
        );
        foreach (var how in Enum.GetValues<Averaging>())
        {
            JsonObject Of(string name) => Named(name, ("average", AveragingNames.Of(how)), ("ignore", ignored));
            yield return (Of("f1"), new F1Score(classes, how, ignored), x, some);
            yield return (Of("precision"), new Precision(classes, how, ignored), x, some);
            yield return (Of("recall"), new Recall(classes, how, ignored), x, some);
        }
    }

    private IEnumerable<(JsonObject Options, Metric Metric, Tensor Outputs, Tensor Targets)> Binary(int i)
    {
        int labels = _random.Next(2, 5);
        long batch = _random.Next(20, 60);
        double threshold = i % 2 == 0 ? 0 : 0.5;
        var x = i % 2 == 0 ? randn(batch, labels) : rand(batch, labels);
        var y = where(rand(batch, labels).lt(0.8), x.gt(threshold), rand(batch, labels).gt(0.5))
            .to_type(i % 3 == 0 ? ScalarType.Int64 : ScalarType.Float32);
        int label = _random.Next(labels);
        yield return (Named("binary", ("threshold", threshold)), new BinaryAccuracy(threshold), x, y);
        yield return (Named("exact_match", ("threshold", threshold)), new MultiLabelAccuracy(threshold), x, y);
        yield return (
            Named("label", ("threshold", threshold), ("label", label)),
            MultiLabelAccuracy.PerLabel(labels, threshold)[label],
            x,
            y
        );
    }

    private IEnumerable<(JsonObject Options, Metric Metric, Tensor Outputs, Tensor Targets)> Regression(int i)
    {
        long[] shape = i % 2 == 0 ? [_random.Next(20, 60)] : [_random.Next(20, 60), _random.Next(1, 4)];
        var y = (randn(shape) * 3) + _random.Next(-5, 5);
        var x = y + randn(shape);
        yield return (Named("absolute"), new MeanAbsoluteError(), x, y);
        yield return (Named("root_squared"), new RootMeanSquaredError(), x, y);
        yield return (Named("r2"), new R2Score(), x, y);
    }

    private static JsonObject Named(string metric, params (string Key, JsonNode Value)[] options)
    {
        var named = new JsonObject { ["metric"] = metric };
        foreach (var (key, value) in options)
        {
            named[key] = value;
        }

        return named;
    }
}

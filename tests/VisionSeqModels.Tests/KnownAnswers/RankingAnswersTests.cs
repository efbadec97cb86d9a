using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Metrics;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.KnownAnswers;

/// <summary>Area under the ROC curve and average precision against scikit-learn: random cases where it is installed, stored
/// ones everywhere.</summary>
[Collection("Torch")]
public sealed class RankingAnswersTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();
    private Random _random = new(0);

    [ScikitLearnTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void RankingMetrics_AreScikitLearns(int seed)
    {
        using var scope = NewDisposeScope();
        using var cases = new PyTorchCases(_folder);
        _random = new Random(seed);
        manual_seed(seed);
        var all = Enumerable.Range(0, 40).SelectMany(i => Binary(i).Concat(Labels(i)).Concat(Classes(i))).ToList();
        foreach (var (options, metric, outputs, targets) in all)
        {
            options["kind"] = "ranking";
            options["metric"] = metric is AreaUnderRoc ? "auroc" : "average_precision";
            cases.Add(options, ("x", outputs), ("y", targets));
        }

        cases.Run();
        int undefined = 0;
        for (int i = 0; i < all.Count; i++)
        {
            double value = MetricAnswersTests.InBatches(all[i].Metric, all[i].Outputs, all[i].Targets);
            undefined += double.IsNaN(value) ? 1 : 0;
            cases.Compare(i, double.IsNaN(value) ? -1 : value); // -1 is scikit-learn's refusal
        }

        output.WriteLine(
            $"{cases.Count} metrics, {undefined} undefined, largest relative error {cases.LargestError:g3}: {cases.WorstCase}"
        );
        cases.AssertWithin(1e-12, 200);
        Assert.InRange(undefined, 10, cases.Count / 2);
    }

    [Fact]
    public void StoredAnswers_AreMet()
    {
        using var scope = NewDisposeScope();
        string path = Path.Combine(AppContext.BaseDirectory, "TestData", "pytorch", "ranking_answers.json");
        var cases = JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllText(path))!;
        int compared = 0;
        foreach (var entry in cases)
        {
            long[] shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            var scores = tensor(Numbers(entry, "scores")).reshape(shape);
            string target = entry.GetProperty("target").GetString()!;
            var targets = tensor(Numbers(entry, "targets")).to_type(ScalarType.Int64).reshape(target == "labels" ? shape : [-1]);
            var average = Average(entry.GetProperty("average").GetString());
            long? ignored = entry.GetProperty("ignored").ValueKind == JsonValueKind.Null ? null : 3;
            foreach (var metric in Both(target, shape.Length > 1 ? (int)shape[1] : 1, average, true, ignored))
            {
                var expected = entry.GetProperty(metric is AreaUnderRoc ? "auroc" : "average_precision");
                Assert.Equal(
                    expected.ValueKind == JsonValueKind.Null ? double.NaN : expected.GetDouble(),
                    shape[0] == 0 ? metric.Compute([], 1) : MetricAnswersTests.InBatches(metric, scores, targets),
                    1e-12
                );
                compared++;
            }
        }

        Assert.Equal(2 * cases.Length, compared);
        Assert.True(compared > 80, $"only {compared}");
    }

    public void Dispose() => _folder.Dispose();

    private static double[] Numbers(JsonElement entry, string name) =>
        [.. entry.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private static Averaging Average(string? name) =>
        Enum.GetValues<Averaging>().FirstOrDefault(average => AveragingNames.Of(average) == name);

    private static Metric[] Both(string target, int count, Averaging average, bool probabilities, long? ignored) =>
        target switch
        {
            "binary" => [new AreaUnderRoc(), new AveragePrecision()],
            "labels" => [AreaUnderRoc.MultiLabel(count, average), AveragePrecision.MultiLabel(count, average)],
            _ =>
            [
                AreaUnderRoc.MultiClass(count, average, probabilities, ignored),
                AveragePrecision.MultiClass(count, average, probabilities, ignored),
            ],
        };

    private IEnumerable<(JsonObject Options, Metric Metric, Tensor Outputs, Tensor Targets)> Binary(int i)
    {
        long[] shape = i % 3 == 0 ? [Samples(i), 1] : [Samples(i)];
        var x = Scores(i, shape);
        var y = rand(shape).lt(i % 10 == 9 ? 2 : 0.4).to_type(i % 2 == 0 ? ScalarType.Int64 : ScalarType.Float32);
        foreach (var metric in Both("binary", 1, Averaging.Macro, false, null))
        {
            yield return (new() { ["target"] = "binary" }, metric, x, y);
        }
    }

    private IEnumerable<(JsonObject Options, Metric Metric, Tensor Outputs, Tensor Targets)> Labels(int i)
    {
        int labels = _random.Next(2, 5);
        long[] shape = [Samples(i), labels];
        var (x, y) = (Scores(i, shape), rand(shape).lt(0.4).to_type(ScalarType.Float32));
        var average = (Averaging)(i % 3);
        foreach (var metric in Both("labels", labels, average, false, null))
        {
            yield return (new() { ["target"] = "labels", ["average"] = AveragingNames.Of(average) }, metric, x, y);
        }

        int only = _random.Next(labels);
        JsonObject Only() => new() { ["target"] = "labels", ["only"] = only };
        yield return (Only(), AreaUnderRoc.PerLabel(labels)[only], x, y);
        yield return (Only(), AveragePrecision.PerLabel(labels)[only], x, y);
    }

    private IEnumerable<(JsonObject Options, Metric Metric, Tensor Outputs, Tensor Targets)> Classes(int i)
    {
        int classes = _random.Next(2, 6);
        long samples = Samples(i);
        bool probabilities = i % 2 == 0;
        // sixteenths are exact in float32 and tie often
        var x = probabilities ? Sixteenths(samples, classes) : randn(samples, classes) * 2;
        var y = randint(0, classes, [samples], dtype: ScalarType.Int64);
        long ignored = i % 4 == 0 ? -100 : classes - 1;
        var some = i % 4 < 2 ? where(rand(samples).lt(0.2), full_like(y, -100), y) : y;
        long? ignore = i % 4 < 2 ? -100 : null;
        var average = (Averaging)(i % 3);
        JsonObject Options() => new() { ["target"] = "classes", ["probabilities"] = probabilities };
        foreach (var metric in Both("classes", classes, average, probabilities, ignore))
        {
            var options = Options();
            options["average"] = AveragingNames.Of(average);
            yield return (options, metric, x, some);
        }

        int only = _random.Next(classes);
        var one = Options();
        one["only"] = only;
        one["ignore"] = ignored;
        var labels = ignored == -100 ? some : y;
        yield return (one, AreaUnderRoc.PerClass(classes, probabilities, ignored)[only], x, labels);
        one = (JsonObject)one.DeepClone();
        yield return (one, AveragePrecision.PerClass(classes, probabilities, ignored)[only], x, labels);
    }

    /// <summary>One sample, two, or many.</summary>
    private long Samples(int i) => i % 8 == 7 ? 1 + (i / 8 % 2) : _random.Next(12, 60);

    /// <summary>Raw scores in float32, in part on a grid, so that many are equal.</summary>
    private static Tensor Scores(int i, long[] shape) => i % 2 == 0 ? randn(shape) : (randn(shape) * 2).round() / 4;

    private static Tensor Sixteenths(long samples, int classes) =>
        multinomial(ones(samples, classes), 16, replacement: true)
            .unsqueeze(2)
            .eq(arange(classes))
            .to_type(ScalarType.Float32)
            .sum(dim: 1)
            .div(16);
}

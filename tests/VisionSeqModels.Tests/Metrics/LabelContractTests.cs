using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Metrics;
using VisionSeqModels.Tests.KnownAnswers;
using VisionSeqModels.Visualization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Metrics;

/// <summary>Labels that do not count and labels that are no class, for every loss and metric of the library.</summary>
[Collection("Torch")]
public sealed class LabelContractTests
{
    private static readonly Dictionary<string, Func<long?, Loss>> Classifying = new()
    {
        ["cross-entropy"] = ignored => Losses.CrossEntropy(ignoreIndex: ignored),
        ["cross-entropy smoothed"] = ignored => Losses.CrossEntropy(0.1, ignoreIndex: ignored),
        ["cross-entropy weighted"] = ignored => Losses.CrossEntropy(classWeights: [1, 2, 0.5], ignoreIndex: ignored),
        ["cross-entropy weighted, smoothed"] = ignored => Losses.CrossEntropy(0.1, [1, 2, 0.5], ignored),
        ["focal"] = ignored => Losses.Focal(ignoreIndex: ignored),
        ["focal weighted"] = ignored => Losses.Focal(1.5, [1, 2, 0.5], ignored),
    };

    public static TheoryData<string, long> IgnoringMetrics
    {
        get
        {
            var data = new TheoryData<string, long>();
            foreach (
                var (name, _) in LossAndMetricCatalog
                    .All(-100)
                    .Where(entry => LossAndMetricCatalog.CanIgnore(entry.Value))
                    .Where(entry => ((IIgnoresLabels)entry.Value).IgnoreIndex == -100)
            )
            {
                data.Add(name, -100);
                data.Add(name, 2);
            }

            return data;
        }
    }

    public static TheoryData<string> LossNames => [.. Classifying.Keys];

    [Theory]
    [MemberData(nameof(IgnoringMetrics))]
    public void IgnoredSamples_CountInNoMetric(string name, long ignored)
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = Some(ignored);
        var kept = labels.ne(ignored);
        var metric = LossAndMetricCatalog.All(ignored)[name];
        Assert.Equal(ignored, ((IIgnoresLabels)metric).IgnoreIndex);
        double expected = MetricAnswersTests.InBatches(metric, scores[kept], labels[kept]);
        Assert.Equal(expected, MetricAnswersTests.InBatches(metric, scores, labels), 1e-12);
        var none = full_like(labels, ignored);
        Assert.False(double.IsInfinity(MetricAnswersTests.InBatches(metric, scores, none)));
    }

    [Theory]
    [MemberData(nameof(LossNames))]
    public void IgnoredSamples_CountInNoLoss_NorInItsGradientNorWeight(string name)
    {
        using var scope = NewDisposeScope();
        foreach (long ignored in new[] { -100, 2 })
        {
            var loss = Classifying[name](ignored);
            var (scores, labels) = Some(ignored);
            var kept = labels.ne(ignored);
            var all = scores.clone().requires_grad_();
            var value = loss.Compute(all, labels);
            value.backward();
            var some = scores[kept].clone().requires_grad_();
            var expected = loss.Compute(some, labels[kept]);
            expected.backward();
            Assert.Equal(expected.ToDouble(), value.ToDouble(), 1e-6);
            TensorAssert.Close(some.grad!, all.grad![kept], 1e-6, name);
            Assert.Equal(0, all.grad![kept.logical_not()].abs().sum().ToDouble());
            Assert.Equal(loss.TotalWeight(labels[kept])!.ToDouble(), loss.TotalWeight(labels)!.ToDouble(), 1e-6);
            Assert.Equal(ignored, ((IIgnoresLabels)loss).IgnoreIndex);
            Assert.All(loss.DefaultMetrics, metric => Assert.Equal(ignored, ((IIgnoresLabels)metric).IgnoreIndex));
        }
    }

    [Fact]
    public void IgnoredSamples_AreNotInTheConfusionMatrix()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = Some(-100);
        var source = BatchSource.From("scores", [new Batch(scores, labels)]);
        using var same = nn.Identity();
        var matrix = ConfusionMatrix.Measure(same, source, new ConfusionMatrixOptions { IgnoreIndex = -100 });
        Assert.Equal(labels.ne(-100).sum().ToInt64(), matrix.Total);
        double accuracy = MetricAnswersTests.InBatches(new Accuracy(-100), scores, labels);
        Assert.Equal(accuracy, matrix.Accuracy, 1e-12);
        Assert.Contains(
            "the label -100 at index",
            Message(() => ConfusionMatrix.Measure(same, source)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ViewsOfErrors_RefuseLabelsThatAreNoClass()
    {
        using var scope = NewDisposeScope();
        using var same = nn.Identity();
        using var rnn = SequenceModels.Rnn(
            new RecurrentOptions
            {
                InputSize = 4,
                ClassCount = 3,
                Seed = 1,
            }
        );
        var labels = tensor(new long[] { 0, -100 });
        var scores = BatchSource.From("scores", [new Batch(rand(2, 3), labels)]);
        var sequences = BatchSource.From("sequences", [new Batch(rand(2, 5, 4), labels)]);
        Assert.Contains("is -100.", Message(() => ConfidentErrors.Measure(same, scores)), StringComparison.Ordinal);
        Assert.Contains("is -100.", Message(() => PrefixAccuracy.Measure(rnn, sequences)), StringComparison.Ordinal);
    }

    /// <summary>Any other label, for all that take labels.</summary>
    [Theory]
    [InlineData(-100)]
    [InlineData(-1)]
    [InlineData(3)]
    public void LabelThatIsNoClass_IsRefusedWithValueAndIndex(long label)
    {
        using var scope = NewDisposeScope();
        var scores = rand(4, 3);
        var labels = tensor(new long[] { 0, 2, label, 1 });
        var metrics = LossAndMetricCatalog.Metrics.Values.Concat(LossAndMetricCatalog.All(-7).Values);
        var all = metrics
            .Where(LossAndMetricCatalog.TakesLabels)
            .Select(metric => (metric.Name, Measure: (Func<Tensor, Tensor, Tensor>)metric.Measure))
            .Concat(Classifying.SelectMany(entry => new[] { Named(entry, null), Named(entry, -7) }))
            .ToList();
        Assert.True(all.Count > 40, $"only {all.Count}");
        foreach (var wanted in new[] { labels, labels.to_type(ScalarType.Int32) })
        {
            foreach (
                var (name, measure) in all.Where(one => wanted.dtype == ScalarType.Int64 || !Classifying.ContainsKey(one.Name))
            )
            {
                string message = Message(() => measure(scores, wanted));
                Assert.Contains(
                    $"expects labels from 0 to 2, but the label at index 2 of the batch is {label}.",
                    message,
                    StringComparison.Ordinal
                );
                Assert.Contains($"ignoreIndex: {label}.", message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Yes-or-no targets, for all that take them.</summary>
    [Theory]
    [InlineData(-100, ScalarType.Int64)]
    [InlineData(2, ScalarType.Int64)]
    [InlineData(1.5, ScalarType.Float32)]
    [InlineData(-0.5, ScalarType.Float64)]
    [InlineData(double.NaN, ScalarType.Float32)]
    public void TargetThatIsNoYesOrNo_IsRefusedWithValueAndIndex(double value, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var targets = zeros(2, 3, dtype: ScalarType.Float64);
        targets[1, 1].fill_(value);
        targets = targets.to_type(type);
        var all = LossAndMetricCatalog
            .Metrics.Values.Where(LossAndMetricCatalog.TakesAnswers)
            .Select(metric => (Func<Tensor, Tensor, Tensor>)metric.Measure)
            .Concat(
                LossAndMetricCatalog
                    .Losses.Values.Where(loss => loss.Name.StartsWith("binary", StringComparison.Ordinal))
                    .Select(loss => (Func<Tensor, Tensor, Tensor>)loss.Compute)
            )
            .ToList();
        Assert.True(all.Count >= 15, $"only {all.Count}");
        Assert.All(
            all,
            measure =>
                Assert.Contains(
                    FormattableString.Invariant($"expects targets from 0 to 1, but element 4 of the batch's targets is {value}."),
                    Message(() => measure(rand(2, 3), targets)),
                    StringComparison.Ordinal
                )
        );
    }

    /// <summary>What happens on a GPU, where no value is looked at.</summary>
    [Fact]
    public void OnADevice_SuchTargetsMakeTheMetricNaN()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 2, 5, 1 });
        Tensor Sum(Tensor safe) => safe.sum();
        Assert.True(double.IsNaN(TargetGuard.OfLabelsOnDevice(labels, 3, null, Sum).ToDouble()));
        Assert.Equal(3, TargetGuard.OfLabelsOnDevice(labels, 3, 5, safe => safe.clamp(max: 2).sum() - 2).ToDouble());
        Assert.Equal(8, TargetGuard.OfLabelsOnDevice(labels, 6, null, Sum).ToDouble());
        Assert.True(double.IsNaN(TargetGuard.OfUnitOnDevice(labels, labels.sum()).ToDouble()));
        Assert.Equal(1, TargetGuard.OfUnitOnDevice(labels.clamp(max: 1), tensor(1L)).ToDouble());
        Assert.Equal(double.NaN, AreaUnderRoc.MultiClass(2).Compute([0.5, 0.5, double.NaN, 0.1, 0.9, 1], 2));
    }

    [Fact]
    public void FloatingPointModelOfDoublePrecision_TakesClassWeights()
    {
        using var scope = NewDisposeScope();
        foreach (var (_, make) in Classifying)
        {
            var scores = rand(4, 3, dtype: ScalarType.Float64).requires_grad_();
            make(null).Compute(scores, LossAndMetricCatalog.Labels()).backward();
            Assert.Equal(ScalarType.Float64, scores.grad!.dtype);
        }

        using var model = nn.Linear(2, 3, dtype: ScalarType.Float64);
        var batches = new[] { new Batch(rand(8, 2, dtype: ScalarType.Float64), randint(0, 3, [8], dtype: ScalarType.Int64)) };
        var options = new TrainerOptions
        {
            Epochs = 1,
            GradientAccumulationSteps = 2,
            Device = "cpu",
            Loss = Losses.CrossEntropy(classWeights: [1, 2, 0.5]),
        };
        Assert.True(new Trainer(options).Fit(model, BatchSource.From("double", batches)).Epochs[0].IsFinite);
    }

    private static (string Name, Func<Tensor, Tensor, Tensor> Measure) Named(
        KeyValuePair<string, Func<long?, Loss>> entry,
        long? ignored
    ) => (entry.Key, entry.Value(ignored).Compute);

    private static (Tensor Scores, Tensor Labels) Some(long ignored)
    {
        manual_seed(4);
        var labels = randint(0, 3, [40], dtype: ScalarType.Int64);
        return (randn(40, 3), ignored < 0 ? where(rand(40).lt(0.3), full_like(labels, ignored), labels) : labels);
    }

    private static string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}

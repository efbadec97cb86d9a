using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Metrics;

/// <summary>Wrong numbers of classes and labels, targets on another device, and scores that cannot be ranked.</summary>
[Collection("Torch")]
public sealed class MetricEdgesTests
{
    [Fact]
    public void OtherNumbersOfClassesOrLabels_NameTheNumber()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = (zeros(4, 3), zeros(4, dtype: ScalarType.Int64));
        Refused(AreaUnderRoc.MultiClass(5), scores, labels, "scores [batch, 5] of 5 classes", "number of classes.");
        Refused(AreaUnderRoc.MultiLabel(5), scores, scores, "scores [batch, 5] of 5 labels", "number of labels.");
        Refused(AveragePrecision.MultiLabel(4), zeros(4), zeros(4), "scores [batch, 4] of 4 labels", "number of labels.");
        Refused(
            MultiLabelAccuracy.PerLabel(5)[4],
            scores,
            scores,
            "scores [batch, labels] of at least 5 labels",
            "BinaryAccuracy"
        );
        Refused(new MultiLabelAccuracy(), zeros(4), zeros(4), "scores [batch, labels], but", "BinaryAccuracy");
    }

    [Fact]
    public void BatchesWithoutSamples_AreRefusedWithAdvice()
    {
        using var scope = NewDisposeScope();
        Refused(new Accuracy(), zeros(0, 3), zeros(0, dtype: ScalarType.Int64), "received outputs [0, 3]", "no mean");
        Refused(new Accuracy(), zeros(4, 3), zeros(0, dtype: ScalarType.Int64), "targets [0]", "no mean");
        Refused(new BinaryAccuracy(), zeros(0), zeros(0), "targets of the outputs' shape", "no mean");
    }

    [Fact]
    public void LabelForEachPosition_IsRefusedWithAdvice()
    {
        using var scope = NewDisposeScope();
        Refused(new Accuracy(), zeros(2, 3, 4), zeros(2, 4, dtype: ScalarType.Int64), "[2, 3, 4]", "at each position");
    }

    /// <summary>On a device without values (meta) nothing can be read: whoever looked would fail.</summary>
    [Fact]
    public void LabelsOnAnotherDevice_AreNotRead()
    {
        using var scope = NewDisposeScope();
        var labels = empty(4, dtype: ScalarType.Int64, device: device("meta"));
        Assert.True(TargetGuard.Labels("x", labels, 3, ignoreIndex: null).is_floating_point());
        Assert.Equal(0, TargetGuard.OfLabels("x", labels, 3, ignoreIndex: -100, kept => kept.sum()).dim());
    }

    [Fact]
    public void LabelsThatAreNoClass_MakeASumOnADeviceNaN()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 2, -100 });
        Assert.Equal(2, Sum(labels, 3, -100));
        Assert.Equal(double.NaN, Sum(labels, 3, null));
        Assert.Equal(double.NaN, Sum(labels, 2, -100));
        var answers = tensor(new[] { 0.0, 1, 0.5 });
        Assert.Equal(1.5, TargetGuard.OfUnitOnDevice(answers, answers.sum()).item<double>());
        Assert.Equal(double.NaN, TargetGuard.OfUnitOnDevice(answers * 2, answers.sum()).item<double>());
        Assert.Equal(double.NaN, TargetGuard.OfUnitOnDevice(-answers, answers.sum()).item<double>());
    }

    [Fact]
    public void BoolTargets_AreAnswersAsTheyAre()
    {
        using var scope = NewDisposeScope();
        var yes = tensor(new[] { true, false });
        Assert.Equal([1f, 0f], TargetGuard.Answers("x", yes, ScalarType.Float32).data<float>().ToArray());
        Assert.Equal(1, TargetGuard.OfUnit("x", yes, () => yes.sum()).item<long>());
    }

    [Theory]
    [InlineData(new[] { 0.1, 0.4, 0.35, 0.8 }, new[] { false, false, true, true }, 0.75, 5.0 / 6)] // scikit-learn's own example
    [InlineData(new[] { 0.5, 0.5, 0.5 }, new[] { true, false, true }, 0.5, 2.0 / 3)]
    [InlineData(new[] { 0.2, 0.9 }, new[] { true, true }, double.NaN, 1.0)]
    [InlineData(new[] { 0.2, 0.9 }, new[] { false, false }, double.NaN, double.NaN)]
    [InlineData(new[] { 0.2, double.NaN }, new[] { false, true }, double.NaN, double.NaN)]
    [InlineData(new double[0], new bool[0], double.NaN, double.NaN)]
    [InlineData(new[] { 3.0, 2, 1, 0 }, new[] { true, false, true, false }, 0.75, 5.0 / 6)]
    [InlineData(new[] { 1.0, 1, 2, 0, 2 }, new[] { true, false, true, false, false }, 4.0 / 6, 0.5)]
    public void RankedScores_OfKnownAnswers(double[] scores, bool[] positive, double area, double precision)
    {
        var ranked = new RankedScores([.. scores], [.. positive]);
        Assert.Equal(positive.Count(one => one), ranked.Positives);
        Assert.Equal(area, ranked.AreaUnderRoc(), 1e-12);
        Assert.Equal(precision, ranked.AveragePrecision(), 1e-12);
    }

    [Fact]
    public void Averages_AreNamed_AndNoOtherIsKnown()
    {
        Assert.Equal("auroc_weighted", AreaUnderRoc.MultiLabel(2, Averaging.Weighted).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => AreaUnderRoc.MultiLabel(2, (Averaging)9));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void MetricsWithoutAColumn_AreRefused(int count)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AreaUnderRoc.MultiLabel(count));
        Assert.Throws<ArgumentOutOfRangeException>(() => AreaUnderRoc.PerLabel(count));
        Assert.Throws<ArgumentOutOfRangeException>(() => AveragePrecision.MultiClass(count + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MultiLabelAccuracy.PerLabel(count));
    }

    private static double Sum(Tensor labels, long classes, long? ignored) =>
        TargetGuard
            .OfLabelsOnDevice(labels, classes, ignored, kept => kept.masked_fill(kept.lt(0), 0).sum())
            .to_type(ScalarType.Float64)
            .item<double>();

    private static void Refused(Metric metric, Tensor outputs, Tensor targets, string expected, string fix)
    {
        string message = Assert.Throws<ShapeMismatchException>(() => metric.Measure(outputs, targets)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(fix, message, StringComparison.Ordinal);
    }
}

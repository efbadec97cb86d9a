using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Metrics;

/// <summary>Values at the edges of bins, thresholds and divisions by zero.</summary>
[Collection("Torch")]
public sealed class MetricValuesTests
{
    [Fact]
    public void ClassWithoutSamples_CountsAsZero()
    {
        var none = new ClassCounts(0, 0, 0);
        Assert.Equal((0, 0, 0), (none.Precision, none.Recall, none.F1));
        Assert.Equal(
            (0, 0, 0),
            (new ClassCounts(0, 3, 0).Precision, new ClassCounts(0, 3, 0).Recall, new ClassCounts(0, 3, 0).F1)
        );
        var some = new ClassCounts(1, 2, 4);
        Assert.Equal((0.5, 0.25, 1.0 / 3), (some.Precision, some.Recall, some.F1));
    }

    [Fact]
    public void Averages_OfKnownCounts()
    {
        using var scope = NewDisposeScope();
        // rows are the true classes: 3 of class 0 (2 right), 1 of class 1 (right), none of class 2
        double[] total = [2, 1, 0, 0, 1, 0, 0, 0, 0];
        Assert.Equal((1 + 0.5 + 0) / 3, new Precision(3).Compute(total, 4), 1e-12);
        Assert.Equal(((3 * 1.0) + (1 * 0.5)) / 4, new Precision(3, Averaging.Weighted).Compute(total, 4), 1e-12);
        Assert.Equal(3.0 / 4, new Precision(3, Averaging.Micro).Compute(total, 4), 1e-12);
        Assert.Equal(((2.0 / 3) + 1 + 0) / 3, new Recall(3).Compute(total, 4), 1e-12);
        Assert.Equal(0.5, Precision.PerClass(3)[1].Compute(total, 4), 1e-12);
        Assert.Equal(1, Recall.PerClass(3)[1].Compute(total, 4), 1e-12);
    }

    [Fact]
    public void Answers_AreAboveTheThreshold_AndTargetsAboveOneHalf()
    {
        using var scope = NewDisposeScope();
        var metric = new BinaryAccuracy(0.5);
        var scores = tensor(new[] { 0.5, 0.6, 0.4, 0.7 });
        Assert.Equal([3.0, 4], Values(metric.Measure(scores, tensor(new[] { 0.0, 1, 0.5, 0.4 }))));
        Assert.Equal([3.0, 4], Values(metric.Measure(scores, tensor(new[] { false, true, false, false }))));
        Assert.Equal([1.0, 4], Values(metric.Measure(scores, tensor(new[] { true, false, true, true }))));
        Assert.Equal(0.75, metric.Compute([3, 4], 2));
    }

    [Fact]
    public void SampleIsRight_WhereAllItsLabelsAre()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(
            new[,]
            {
                { 1f, -1 },
                { 1, 1 },
                { -1, -1 },
            }
        );
        var targets = tensor(
            new[,]
            {
                { 1f, 0 },
                { 1, 0 },
                { 0, 0 },
            }
        );
        Assert.Equal(2, new MultiLabelAccuracy().Measure(scores, targets).item<long>());
        Assert.Equal(0.5, new MultiLabelAccuracy().Compute([2], 4));
        Assert.Equal(["accuracy_label0", "accuracy_label1"], MultiLabelAccuracy.PerLabel(2).Select(one => one.Name));
        Assert.Equal([3, 2], MultiLabelAccuracy.PerLabel(2).Select(one => (int)one.Measure(scores, targets).item<long>()));
    }

    /// <summary>A bin holds its upper bound and not its lower one; rounding beyond 1 stays in the last.</summary>
    [Fact]
    public void Confidence_IsInTheBinWhoseUpperBoundItIs()
    {
        using var scope = NewDisposeScope();
        var metric = new CalibrationError(4, fromProbabilities: true);
        var scores = tensor(
            new[,]
            {
                { 0.5f, 0.5f },
                { 0.75f, 0.25f },
                { 0.76f, 0.24f },
                { 1.0000001f, 0 },
                { 0, 0 },
            }
        );
        var total = metric.Measure(scores, tensor(new long[] { 0, 1, 0, 0, 1 }));
        Assert.Equal([4, 3], total.shape);
        Assert.Equal([1.0, 1, 1, 2], Values(total.select(1, 0)));
        Assert.Equal([0, 0.5, 0.75, 1.76], Values(total.select(1, 1)).Select(one => Math.Round(one, 5)));
        Assert.Equal([0.0, 1, 0, 2], Values(total.select(1, 2)));
        Assert.Equal((0 + 0.5 + 0.75 + 0.24) / 5, metric.Compute(Values(total), 5), 1e-6);
        var raw = new CalibrationError(2).Measure(zeros(2, 2), tensor(new long[] { 0, 1 }));
        Assert.Equal([2.0, 1, 1, 0, 0, 0], Values(raw));
    }

    [Fact]
    public void IgnoredSamples_AreInNoBin()
    {
        using var scope = NewDisposeScope();
        var metric = new CalibrationError(1, fromProbabilities: true, ignoreIndex: 7);
        var total = metric.Measure(
            tensor(
                new[,]
                {
                    { 0.75, 0.25 },
                    { 0.5, 0.5 },
                }
            ),
            tensor(new long[] { 0, 7 })
        );
        Assert.Equal([1, 0.75, 1], Values(total));
    }

    [Fact]
    public void VarianceExplained_IsTheMeanOverTheValues()
    {
        using var scope = NewDisposeScope();
        var metric = new R2Score();
        var targets = tensor(
            new[,]
            {
                { 1.0, 10 },
                { 2, 30 },
                { 3, 80 },
            }
        );
        var outputs = tensor(
            new[,]
            {
                { 1.0, 20 },
                { 2, 30 },
                { 4, 80 },
            }
        );
        double first = 1 - (1.0 / 2),
            second = 1 - (100 / 2600.0);
        Assert.Equal((first + second) / 2, metric.Compute(Values(metric.Measure(outputs, targets)), 3), 1e-12);
        Assert.Equal(first, metric.Compute(Values(metric.Measure(outputs.select(1, 0), targets.select(1, 0))), 3), 1e-12);
        Assert.Throws<ShapeMismatchException>(() => metric.Measure(zeros(2, 2, 2), zeros(2, 2, 2)));
    }

    [Fact]
    public void EqualTargets_HaveNoVariance_HoweverLarge_AndSmallOnesDo()
    {
        using var scope = NewDisposeScope();
        var metric = new R2Score();
        foreach (double value in (double[])[0, 0.1, 1.1, 12345.6789, 98765.4321, 1e8 / 3])
        {
            var targets = full(11, value, dtype: ScalarType.Float64);
            Assert.Equal(double.NaN, metric.Compute(Values(metric.Measure(targets + 1, targets)), 11));
        }

        var small = tensor(new[] { 1e-10, 2e-10, 4e-10 });
        Assert.Equal(1, metric.Compute(Values(metric.Measure(small, small)), 3), 1e-9);
    }

    [Fact]
    public void Regression_CountsEachElementAlike()
    {
        using var scope = NewDisposeScope();
        var (outputs, targets) = (
            tensor(
                new[,]
                {
                    { 1f, 2 },
                    { 3, 4 },
                }
            ),
            tensor(
                new[,]
                {
                    { 1f, 0 },
                    { 0, 8 },
                }
            )
        );
        Assert.Equal([9.0, 4], Values(new MeanAbsoluteError().Measure(outputs, targets)));
        Assert.Equal([29.0, 4], Values(new RootMeanSquaredError().Measure(outputs, targets)));
        Assert.Equal(2.25, new MeanAbsoluteError().Compute([9, 4], 2));
        Assert.Equal(Math.Sqrt(7.25), new RootMeanSquaredError().Compute([29, 4], 2));
    }

    private static double[] Values(Tensor tensor) => tensor.to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
}

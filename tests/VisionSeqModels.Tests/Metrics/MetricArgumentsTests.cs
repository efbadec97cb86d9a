using TorchSharp;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Metrics;

/// <summary>What the makers of metrics and <c>Measure</c> refuse, and what is just allowed.</summary>
[Collection("Torch")]
public sealed class MetricArgumentsTests
{
    public static TheoryData<string> Names => LossAndMetricCatalog.MetricNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void MissingTensor_IsNamed(string name)
    {
        using var scope = NewDisposeScope();
        var metric = LossAndMetricCatalog.Metrics[name];
        var some = zeros(2, 3);
        Assert.Equal("outputs", Assert.Throws<ArgumentNullException>(() => metric.Measure(null!, some)).ParamName);
        Assert.Equal("targets", Assert.Throws<ArgumentNullException>(() => metric.Measure(some, null!)).ParamName);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Contribution_IsAllThatIsLeft(string name)
    {
        using var scope = NewDisposeScope();
        var metric = LossAndMetricCatalog.Metrics[name];
        var outputs = rand(4, 3);
        var targets = LossAndMetricCatalog.TakesLabels(metric) ? LossAndMetricCatalog.Labels() : rand(4, 3).gt(0.5);
        if (metric is R2Score or MeanAbsoluteError or RootMeanSquaredError)
        {
            targets = rand(4, 3);
        }

        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var contribution = metric.Measure(outputs, targets);
        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    public static TheoryData<string> TooFew => [.. Makers.Keys];

    private static Dictionary<string, (int Least, Func<int, object> Make)> Makers { get; } =
        new()
        {
            ["Precision"] = (2, n => new Precision(n)),
            ["Precision.PerClass"] = (2, n => Precision.PerClass(n)),
            ["Recall"] = (2, n => new Recall(n)),
            ["F1Score"] = (2, n => new F1Score(n)),
            ["CalibrationError"] = (1, n => new CalibrationError(n)),
            ["TopKAccuracy"] = (1, n => new TopKAccuracy(n)),
            ["TopKAccuracy.ForEach"] = (1, n => TopKAccuracy.ForEach(3, n)),
            ["MultiLabelAccuracy.PerLabel"] = (1, n => MultiLabelAccuracy.PerLabel(n)),
            ["AreaUnderRoc.MultiLabel"] = (1, n => AreaUnderRoc.MultiLabel(n)),
            ["AreaUnderRoc.MultiClass"] = (2, n => AreaUnderRoc.MultiClass(n)),
            ["AreaUnderRoc.PerLabel"] = (1, n => AreaUnderRoc.PerLabel(n)),
            ["AreaUnderRoc.PerClass"] = (2, n => AreaUnderRoc.PerClass(n)),
            ["AveragePrecision.MultiLabel"] = (1, n => AveragePrecision.MultiLabel(n)),
            ["AveragePrecision.MultiClass"] = (2, n => AveragePrecision.MultiClass(n)),
            ["AveragePrecision.PerLabel"] = (1, n => AveragePrecision.PerLabel(n)),
            ["AveragePrecision.PerClass"] = (2, n => AveragePrecision.PerClass(n)),
        };

    [Theory]
    [MemberData(nameof(TooFew))]
    public void OneFewerThanTheLeast_IsRefused(string maker)
    {
        var (least, make) = Makers[maker];
        Assert.NotNull(make(least));
        Assert.Throws<ArgumentOutOfRangeException>(() => make(least - 1));
    }

    [Fact]
    public void MissingList_AndThresholdsThatAreNoNumber_AreRefused()
    {
        Assert.Equal("ks", Assert.Throws<ArgumentNullException>(() => TopKAccuracy.ForEach(null!, ignoreIndex: 1)).ParamName);
        Assert.Throws<ArgumentNullException>(() => TopKAccuracy.ForEach(null!));
        Assert.Throws<InvalidOptionsException>(() => new BinaryAccuracy(double.NaN));
        Assert.Throws<InvalidOptionsException>(() => new MultiLabelAccuracy(double.PositiveInfinity));
    }

    [Fact]
    public void AsManyClassesAsTheK_AreEnough_AndOneFewerAreNot()
    {
        using var scope = NewDisposeScope();
        var labels = tensor(new long[] { 0, 1 });
        Assert.Equal(2, new TopKAccuracy(3).Measure(zeros(2, 3), labels).item<long>());
        Assert.Equal((0.5, 2.0 / 3), (new TopKAccuracy(3).Compute([2], 4), new TopKAccuracy(3).Compute([2, 3], 4)));
        Assert.Contains(
            "Choose a k of at most 2.",
            Assert.Throws<ShapeMismatchException>(() => new TopKAccuracy(3).Measure(zeros(2, 2), labels)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void LastLabel_IsThere_AndTheNextIsNot()
    {
        using var scope = NewDisposeScope();
        var third = MultiLabelAccuracy.PerLabel(3)[2];
        var answers = tensor(
            new[,]
            {
                { 1f, 1, 0 },
                { 0, 0, 0 },
            }
        );
        Assert.Equal(
            1,
            third
                .Measure(
                    answers.mul(2).sub(1),
                    tensor(
                        new[,]
                        {
                            { 1f, 1, 0 },
                            { 0, 0, 1 },
                        }
                    )
                )
                .item<long>()
        );
        Assert.Throws<ShapeMismatchException>(() => third.Measure(zeros(2, 2), zeros(2, 2)));
    }

    [Theory]
    [InlineData("accuracy", true)]
    [InlineData("binary_accuracy", true)]
    [InlineData("calibration_error", false)]
    [InlineData("mean_absolute_error", false)]
    [InlineData("root_mean_squared_error", false)]
    [InlineData("r2", true)]
    [InlineData("auroc", true)]
    [InlineData("top2_accuracy", true)]
    public void Direction_IsThatOfTheName(string name, bool higherIsBetter) =>
        Assert.Equal(higherIsBetter, LossAndMetricCatalog.Metrics.Values.First(one => one.Name == name).HigherIsBetter);
}

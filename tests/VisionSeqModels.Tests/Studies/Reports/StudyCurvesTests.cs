using VisionSeqModels.Studies;
using static VisionSeqModels.Tests.Studies.MadeUpTrials;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyCurvesTests
{
    [Fact]
    public void StudysMetricComesFirst_ThenTheLossBesideIt_ThenOthers()
    {
        var curves = Of(Ran("a", "train_f1", "train_loss", "test_f1", "test_loss", "train_accuracy", "test_accuracy"));
        Assert.Equal(
            ["test_accuracy", "test_loss", "train_f1", "train_loss", "test_f1", "train_accuracy"],
            curves.Overlaid.Select(chart => chart.Metric)
        );
        Assert.Equal(["accuracy", "loss", "f1"], curves.Charts.Select(chart => chart.Metric));
        Assert.Equal(["accuracy", "loss"], curves.Small.Select(chart => chart.Metric));
        Assert.Equal(["test_accuracy", "test_loss"], curves.BySetting.Select(chart => chart.Metric));
        Assert.Equal(["test", "training", "validation"], curves.Roles);
    }

    [Fact]
    public void Chart_HasMeansBeforeTheLinesThatTheyAreOf()
    {
        var curves = Of(Both("a", 0.2, 1), Both("a", 0.4, 2), Both("b", 0.6, 1)).Charts[0].Curves;
        Assert.Equal(
            [
                ("a, mean of 2 seeds", 0, 0, false),
                ("a, seed 1", 0, 0, true),
                ("a, seed 2", 0, 0, true),
                ("a, mean of 2 seeds, training", 0, 1, false),
                ("a, seed 1, training", 0, 1, true),
                ("a, seed 2, training", 0, 1, true),
                ("b, seed 1", 1, 0, false),
                ("b, seed 1, training", 1, 1, false),
            ],
            curves.Select(curve => (curve.Name, curve.Setting, curve.Role, curve.IsPart))
        );
        Assert.Equal(0.3, Assert.Single(curves[0].Points).Value, 1e-12);
        Assert.Equal([(0.2, 0.4)], curves[0].Band!);
        Assert.Null(curves[6].Band);
        Assert.Equal(0.8, Assert.Single(curves[3].Points).Value, 1e-12);
    }

    [Fact]
    public void MetricOfTheTrainingDataAlone_NeedsNoRemark()
    {
        var curve = Assert.Single(Of(Ran("a", "train_loss")).Charts[0].Curves);
        Assert.Equal(("a", 0), (curve.Name, curve.Role));
        Assert.Empty(Of(Ran("a", "train_loss")).OfTrial("a"));
    }

    [Fact]
    public void TrialsOwnLines_AreOfTheStudysMetric_OnAllData()
    {
        var curves = Of(Ran("a", "train_loss", "train_accuracy", "val_accuracy", "test_accuracy"), Ran("b", "test_accuracy"));
        Assert.Equal([("a", 0), ("a", 1), ("a", 2)], curves.OfTrial("a").Select(curve => (curve.Name, curve.Role)).Order());
        Assert.Equal(0, Assert.Single(curves.OfTrial("b")).Role);
    }

    [Fact]
    public void Points_AreFullEpochsWithAFiniteValue_InOrder()
    {
        var history = History([
            Epoch.Of(3, "test_accuracy", 0.3),
            Epoch.Of(1, "test_accuracy", 0.1),
            Epoch.Of(2, "test_accuracy", double.NaN),
            Epoch.Of(4, "test_accuracy", 0.4) with
            {
                IsPartial = true,
            },
            Epoch.Of(5, "train_loss", 1),
        ]);
        var curve = Of(Trial("a", 1) with { History = history }).Overlaid[0].Curves[0];
        Assert.Equal([(1, 0.1), (3, 0.3)], curve.Points);
        Assert.Empty(Of(Trial("a", null)).Overlaid);
        Assert.Empty(Of(Trial("a", null)).Charts);
    }

    /// <summary>The study's own metric has lines of the training data only, and they still come first.</summary>
    [Fact]
    public void MetricWithoutAFiniteValue_HasNoChart()
    {
        var metrics = new Dictionary<string, double>
        {
            ["test_accuracy"] = double.NaN,
            ["train_f1"] = 1,
            ["train_accuracy"] = 1,
        };
        var curves = Of(Trial("a", null) with { History = History([Epoch.Of(1, metrics)]) });
        Assert.Equal(["train_f1", "train_accuracy"], curves.Overlaid.Select(chart => chart.Metric));
        Assert.Equal(["accuracy", "f1"], curves.Charts.Select(chart => chart.Metric));
    }

    [Fact]
    public void MetricOfTheTwentyFifthSettingAlone_HasNoSmallCharts()
    {
        var last = Ran("last", "test_accuracy", "test_loss") with { Score = 0 };
        var curves = Of([.. Enumerable.Range(0, 24).Select(i => Ran($"s{i}", "test_accuracy")), last]);
        Assert.Equal(["accuracy", "loss"], curves.Charts.Select(chart => chart.Metric));
        Assert.Equal(["accuracy"], curves.Small.Select(chart => chart.Metric));
        Assert.Equal(["test_accuracy"], curves.BySetting.Select(chart => chart.Metric));
    }

    [Theory]
    [InlineData(24, 24, "Each setting by itself: test accuracy by epoch")]
    [InlineData(25, 24, "The 24 best settings of 25, each by itself: test accuracy by epoch")]
    public void SmallCharts_AreOfTheBestTwentyFour(int settings, int shown, string title)
    {
        var curves = Of([.. Enumerable.Range(0, settings).Select(i => Ran($"s{i}", "test_accuracy"))]);
        Assert.Equal(settings, curves.Charts[0].Curves.Count);
        Assert.Equal((shown, shown), (curves.Small[0].Curves.Count, curves.BySetting[0].Curves.Count));
        Assert.Equal(title, curves.SmallTitle("test_accuracy"));
    }

    [Theory]
    [InlineData("train_loss", "loss", "training")]
    [InlineData("val_f1_macro", "f1_macro", "validation")]
    [InlineData("test_accuracy", "accuracy", "test")]
    [InlineData("test", "test", "")]
    [InlineData("scripted", "scripted", "")]
    [InlineData("own_loss", "own_loss", "")]
    public void Metric_IsMeasuredOnWhatItsNameSays(string metric, string name, string data) =>
        Assert.Equal((name, data), (StudyCurves.BaseOf(metric), StudyCurves.DataOf(metric)));

    [Fact]
    public void MonitorOnValidationData_IsTheFirstRole() =>
        Assert.Equal(
            ["validation", "training", "test"],
            new StudyCurves(new StudySummary(TheStudy with { Monitor = "val_accuracy" }, [Ran("a", "val_accuracy")])).Roles
        );

    private static TrialResult Both(string setting, double value, long seed) =>
        Trial(setting, value, seed) with
        {
            History = History([
                Epoch.Of(1, new Dictionary<string, double> { ["test_accuracy"] = value, ["train_accuracy"] = value + 0.5 }),
            ]),
        };

    private static TrialResult Ran(string setting, params string[] metrics) =>
        Trial(setting, 1) with
        {
            History = History([Epoch.Of(1, metrics.ToDictionary(name => name, _ => 1.0))]),
        };

    private static StudyCurves Of(params TrialResult[] trials) => new(Summary(trials));
}

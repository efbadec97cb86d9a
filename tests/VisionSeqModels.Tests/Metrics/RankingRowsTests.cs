using VisionSeqModels.Metrics;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Metrics;

/// <summary>The rows that ranking metrics keep, and the values of known rows.</summary>
[Collection("Torch")]
public sealed class RankingRowsTests
{
    [Fact]
    public void Answers_AreScoreAndYesOrNo()
    {
        using var scope = NewDisposeScope();
        var rows = new AreaUnderRoc().Measure(tensor(new[] { 0.1, 0.9 }), tensor(new[] { 0.5, 0.6 }));
        Assert.Equal([0.1, 0, 0.9, 1], Values(rows));
        var (scores, yes) = (
            tensor(
                new[,]
                {
                    { 0.1, 0.2 },
                    { 0.3, 0.4 },
                }
            ),
            tensor(
                new[,]
                {
                    { 0L, 1 },
                    { 1, 1 },
                }
            )
        );
        Assert.Equal([0.1, 0.2, 0, 1, 0.3, 0.4, 1, 1], Values(AreaUnderRoc.MultiLabel(2).Measure(scores, yes)));
        Assert.Equal([0.2, 1, 0.4, 1], Values(AreaUnderRoc.PerLabel(2)[1].Measure(scores, yes)));
    }

    [Fact]
    public void Classes_AreProbabilitiesAndALabel_WhichIsMinusOneWhereItDoesNotCount()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = (
            tensor(
                new[,]
                {
                    { 0.25, 0.75 },
                    { 0.5, 0.5 },
                }
            ),
            tensor(new long[] { 1, 9 })
        );
        var given = AreaUnderRoc.MultiClass(2, fromProbabilities: true, ignoreIndex: 9).Measure(scores, labels);
        Assert.Equal([0.25, 0.75, 1, 0.5, 0.5, -1], Values(given));
        var each = AreaUnderRoc.PerClass(2, fromProbabilities: true, ignoreIndex: 9);
        Assert.Equal([0.25, 0, 0.5, -1], Values(each[0].Measure(scores, labels)));
        Assert.Equal([0.75, 1, 0.5, -1], Values(each[1].Measure(scores, labels)));
        var raw = AreaUnderRoc.MultiClass(2).Measure(scores, tensor(new long[] { 1, 0 }));
        double first = 1 / (1 + Math.Exp(0.5));
        Assert.Equal(
            [first, 1 - first, 1, 0.5, 0.5, 0],
            Values(raw).Select(one => Math.Round(one, 15)),
            (a, b) => Math.Abs(a - b) < 1e-9
        );
    }

    /// <summary>Two labels of four samples: the first is ranked rightly, the second in three of four pairs.</summary>
    [Fact]
    public void Averages_OfKnownRows()
    {
        double[] rows = [0.1, 0.1, 0, 0, 0.2, 0.4, 0, 0, 0.3, 0.35, 0, 1, 0.4, 0.8, 1, 1];
        Assert.Equal((1 + 0.75) / 2, AreaUnderRoc.MultiLabel(2).Compute(rows, 4), 1e-12);
        Assert.Equal((1 + (2 * 0.75)) / 3, AreaUnderRoc.MultiLabel(2, Averaging.Weighted).Compute(rows, 4), 1e-12);
        // together: positives 0.4, 0.35, 0.8 against 0.1, 0.1, 0.2, 0.4, 0.3: 14 pairs and half a one of 15
        Assert.Equal(13.5 / 15, AreaUnderRoc.MultiLabel(2, Averaging.Micro).Compute(rows, 4), 1e-12);
        Assert.Equal(1, AreaUnderRoc.PerLabel(2)[0].Compute([0.1, 0, 0.4, 1], 2), 1e-12);
        Assert.Equal(0, AreaUnderRoc.PerLabel(2)[0].Compute([0.1, 1, 0.4, 0], 2), 1e-12);
        Assert.Equal(0.5, new AveragePrecision().Compute([0.1, 1, 0.4, 0], 2), 1e-12);
    }

    [Fact]
    public void RowsOfClasses_AreOneAgainstTheRest()
    {
        double[] rows = [0.7, 0.2, 0.1, 0, 0.1, 0.8, 0.1, 1, 0.2, 0.3, 0.5, 2, 0.9, 0.9, 0.9, -1];
        Assert.Equal(1, AreaUnderRoc.MultiClass(3).Compute(rows, 4), 1e-12);
        rows[3] = 2; // its score for class 2 is the lowest
        Assert.Equal(double.NaN, AreaUnderRoc.MultiClass(3).Compute(rows, 4)); // class 0 has no sample
    }

    [Fact]
    public void TargetOutOfRangeOnADevice_MakesTheValueNaN() =>
        Assert.Equal(double.NaN, new AreaUnderRoc().Compute([0.1, 0, 0.4, 1, 0.3, double.NaN], 3));

    [Fact]
    public void Names_SayWhatIsRanked()
    {
        Assert.Equal("auroc", new AreaUnderRoc().Name);
        Assert.Equal(["auroc_class0", "auroc_class1"], AreaUnderRoc.PerClass(2).Select(one => one.Name));
        Assert.Equal(["average_precision_label0"], AveragePrecision.PerLabel(1).Select(one => one.Name));
        Assert.Equal("average_precision_micro", AveragePrecision.MultiLabel(2, Averaging.Micro).Name);
        Assert.True(new AveragePrecision().KeepsSamples);
        Assert.False(new Accuracy().KeepsSamples);
    }

    [Fact]
    public void Confusion_CountsByTrueAndThenPredictedClass()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(
            new[,]
            {
                { 1f, 0, 0 },
                { 0, 1, 0 },
                { 0, 0, 1 },
                { 0, 1, 0 },
            }
        );
        var labels = tensor(new long[] { 0, 0, 2, 5 });
        var counts = ConfusionCounts.Of("m", scores, labels, 3, ignoreIndex: 5);
        Assert.Equal([1, 1, 0, 0, 0, 0, 0, 0, 1], counts.data<long>().ToArray());
        Assert.Throws<ShapeMismatchException>(() => ConfusionCounts.Of("m", scores, labels, 4, ignoreIndex: 5));
    }

    private static double[] Values(Tensor rows) => rows.contiguous().data<double>().ToArray();
}

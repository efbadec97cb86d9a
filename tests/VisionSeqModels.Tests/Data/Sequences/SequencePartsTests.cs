using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Sequences;

/// <summary>The small parts that tables of sequences are read with.</summary>
[Collection("Torch")]
public sealed class SequencePartsTests
{
    private const float None = float.NaN;

    [Theory]
    [InlineData(MissingValues.Zero, new[] { 0f, 2, 0, 4, 5, 0 })]
    [InlineData(MissingValues.ForwardFill, new[] { None, 2, None, 4, 5, 4 })]
    [InlineData(MissingValues.TrainingMean, new[] { None, 2, None, 4, 5, None })]
    public void MissingNumbers_ComeFromTheSequence_ByTheRule(MissingValues rule, float[] expected)
    {
        var series = Series([None, 2], [None, 4], [5, None]);
        MissingFill.FromSequence(series, 2, rule);
        Assert.Equal(expected, series.Features);
    }

    [Fact]
    public void WhatIsMissingStill_IsTheMeanOfTheTrainingPart()
    {
        var series = Series([None, 2], [7, None]);
        MissingFill.FromTraining(series, 2, FeatureMoments.Of([new float[] { 1, 10, 3, 20 }], 2));
        Assert.Equal([2, 2, 7, 15], series.Features);
    }

    [Fact]
    public void Keys_AreOrderedByNumber_ThenByTime()
    {
        Assert.True(new OrderKey(1, 9).CompareTo(new OrderKey(2, 0)) < 0);
        Assert.True(new OrderKey(2, 0).CompareTo(new OrderKey(1, 9)) > 0);
        Assert.True(new OrderKey(1, 2).CompareTo(new OrderKey(1, 3)) < 0);
        Assert.Equal(0, new OrderKey(1, 2).CompareTo(new OrderKey(1, 2)));
    }

    [Fact]
    public void Rows_AreSortedByTheirKeys_EqualOnesByTheirLines()
    {
        var series = new TableSeries("a", 2);
        series.Add(new OrderKey(3, 0), 2, [30, 31], [300], 3);
        series.Add(new OrderKey(1, 0), 4, [10, 11], [100], 1);
        series.Add(new OrderKey(2, 0), 5, [20, 21], [200], 2);
        series.Add(new OrderKey(1, 0), 3, [12, 13], [101], 0);
        series.Sort();
        Assert.Equal([3, 4, 5, 2], series.Lines);
        Assert.Equal([12, 13, 10, 11, 20, 21, 30, 31], series.Features);
        Assert.Equal([101, 100, 200, 300], series.Values);
        Assert.Equal([0, 1, 2, 3], series.Classes);
        Assert.Equal([1, 1, 2, 3], series.Keys.Select(key => key.Number));
        Assert.Equal(("a", 2, 4), (series.Name, series.FirstLine, series.Count));
        new TableSeries("none", 1).Sort();
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public void LongTexts_AreCut(int length, bool isCut) =>
        Assert.Equal(
            isCut ? $"'{new string('x', 60)}…'" : $"'{new string('x', length)}'",
            TableFaults.Quote(new string('x', length))
        );

    [Theory]
    [InlineData(1, "has a fault: line 1: wrong.")]
    [InlineData(2, "has 2 faults: line 1: wrong; line 2: wrong.")]
    [InlineData(20, "line 19: wrong; line 20: wrong.")]
    [InlineData(21, "line 20: wrong; and 1 more.")]
    [InlineData(25, "line 20: wrong; and 5 more.")]
    public void Faults_AreCounted_AndTwentyShown(int count, string text)
    {
        var faults = new TableFaults("file.csv");
        Assert.False(faults.Any);
        faults.ThrowIfAny();
        for (int i = 1; i <= count; i++)
        {
            faults.Add(i, "wrong");
        }

        Assert.True(faults.Any);
        string message = Assert.Throws<DatasetFormatException>(faults.ThrowIfAny).Message;
        Assert.StartsWith("'file.csv' has ", message, StringComparison.Ordinal);
        Assert.EndsWith($"{text} Correct the file, or SequenceTableOptions.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_OfSequences_AreOneEach()
    {
        using var scope = NewDisposeScope();
        var classes = new SequenceTargets(
            [
                [2],
                [0],
                [1],
            ],
            null,
            0,
            perStep: false
        );
        Assert.Equal(
            (true, false, 3, 0, 2),
            (classes.AreClasses, classes.PerStep, classes.Count, classes.ValueCount, classes.MaximumClass)
        );
        Assert.Equal([2, 0, 1], classes.ClassOfEach!);
        Assert.Null(classes.StepsOf(0));
        var labels = classes.Of([2, 0], 5, null);
        Assert.Equal([2], labels.shape);
        Assert.Equal([1, 2], labels.data<long>().ToArray());

        var values = new SequenceTargets(
            null,
            [
                [1, 2],
                [3, 4],
            ],
            2,
            perStep: false
        );
        Assert.Equal((false, 2, 2), (values.AreClasses, values.Count, values.ValueCount));
        Assert.Null(values.ClassOfEach);
        Assert.Null(values.StepsOf(0));
        var scaled = values.Of([1, 0], 5, new FeatureNormalization { Mean = [1, 0], StandardDeviation = [2, 1] });
        Assert.Equal([2, 2], scaled.shape);
        Assert.Equal([1, 4, 0, 2], scaled.data<float>().ToArray());
        Assert.Equal([2, 3], values.Moments().Normalization.Mean);
    }

    [Fact]
    public void Targets_OfSteps_AreFilledUpToTheLongest()
    {
        using var scope = NewDisposeScope();
        var classes = new SequenceTargets(
            [
                [2, 1],
                [0],
            ],
            null,
            0,
            perStep: true
        );
        Assert.Null(classes.ClassOfEach);
        Assert.Equal<(int?, int?)>((2, 1), (classes.StepsOf(0), classes.StepsOf(1)));
        var labels = classes.Of([1, 0], 2, null);
        Assert.Equal([2, 2], labels.shape);
        Assert.Equal([0, -100, 2, 1], labels.data<long>().ToArray());

        var values = new SequenceTargets(
            null,
            [
                [1, 2, 3, 4],
                [5, 6],
            ],
            2,
            perStep: true
        );
        Assert.Equal<(int?, int?)>((2, 1), (values.StepsOf(0), values.StepsOf(1)));
        var numbers = values.Of([1, 0], 2, null);
        Assert.Equal([2, 2, 2], numbers.shape);
        Assert.Equal([5, 6, None, None, 1, 2, 3, 4], numbers.data<float>().ToArray());
    }

    [Fact]
    public void Mask_IsTrueWhereAStepCounts()
    {
        using var scope = NewDisposeScope();
        var mask = StepMask.Of(tensor(new long[] { 1, 3, 2 }), 3, CPU);
        Assert.Equal([3, 3], mask.shape);
        Assert.Equal([true, false, false, true, true, true, true, true, false], mask.data<bool>().ToArray());
    }

    private static TableSeries Series(params float[][] rows)
    {
        var series = new TableSeries("a", 1);
        for (int i = 0; i < rows.Length; i++)
        {
            series.Add(new OrderKey(i, 0), i, rows[i], [], 0);
        }

        series.Sort();
        return series;
    }
}

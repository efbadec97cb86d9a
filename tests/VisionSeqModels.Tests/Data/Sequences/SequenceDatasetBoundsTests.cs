using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data.Sequences;

[Collection("Torch")]
public sealed class SequenceDatasetBoundsTests
{
    private static readonly float[,] Two = new float[,]
    {
        { 1, 2, 3 },
        { 4, 5, 6 },
    };

    private static readonly float[,] One = new float[,]
    {
        { 7, 8, 9 },
    };

    private static SequenceDataset Classes => SequenceDataset.From([Two, One, Two], new[] { 0, 2, 0 });

    [Fact]
    public void NamesThatAreNotGiven_AreNumbered()
    {
        Assert.Equal(["feature1", "feature2", "feature3"], Classes.FeatureNames);
        Assert.Equal(["0", "1", "2"], Classes.ClassNames!);
        Assert.Equal((3, 3, 0, false), (Classes.Count, Classes.FeatureCount, Classes.ValueCount, Classes.HasStepTargets));
        Assert.Null(SequenceDataset.From([Two], new[] { 1f }).ClassNames);
    }

    [Fact]
    public void SequencesLabelsAndValues_AreAsTheyWereGiven()
    {
        var data = Classes;
        Assert.Equal([2, 1, 2], new long[] { 0, 1, 2 }.Select(data.GetLength));
        Assert.Equal(Two, data.GetSequence(0));
        Assert.Equal(One, data.GetSequence(1));
        Assert.Equal([2], data.GetLabels(1));
        Assert.Equal(
            "The targets of 'sequences' are classes, not numbers. Ask for GetLabels.",
            Assert.Throws<InvalidOperationException>(() => data.GetValues(0)).Message
        );
        var values = SequenceDataset.From(
            [Two, One],
            new float[,]
            {
                { 1, 2 },
                { 3, 4 },
            }
        );
        Assert.Equal([3, 4], values.GetValues(1));
        Assert.Equal(2, values.ValueCount);
        Assert.Equal(
            "The targets of 'sequences' are numbers, not classes. Ask for GetValues.",
            Assert.Throws<InvalidOperationException>(() => values.GetLabels(0)).Message
        );
    }

    [Fact]
    public void PlacesOutside_AreRefused()
    {
        var data = Classes;
        foreach (long outside in new long[] { -1, 3 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => data.GetLength(outside));
            Assert.Throws<ArgumentOutOfRangeException>(() => data.GetSequence(outside));
            Assert.Throws<ArgumentOutOfRangeException>(() => data.GetLabels(outside));
            Assert.StartsWith(
                "A subset of 'sequences' needs at least one index, each from 0 to 2.",
                Assert.Throws<ArgumentException>("indices", () => data.Subset([0, outside])).Message,
                StringComparison.Ordinal
            );
        }

        Assert.Throws<ArgumentException>("indices", () => data.Subset([]));
        var part = data.Subset([2, 1]);
        Assert.Equal((2, 1), (part.GetLength(0), part.GetLength(1)));
        Assert.Equal(One, part.Subset([1]).GetSequence(0));
        Assert.Equal([0, 2], part.Labels!);
        Assert.Throws<ArgumentOutOfRangeException>(() => part.GetLength(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    public void FractionOutside_IsRefused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>("fraction", () => Classes.Split(fraction));

    [Fact]
    public void DivisionThatLeavesAPartEmpty_IsRefused()
    {
        const string start =
            "A fraction of 0.1 of the 3 sequences of 'sequences' leaves one part without sequences. Take another "
            + "fraction, or more sequences";
        Assert.StartsWith(start + ".", Message(() => Classes.Split(0.1)), StringComparison.Ordinal);
        Assert.StartsWith(start + " or groups.", Message(() => Classes.Split(0.1, 0, _ => 0)), StringComparison.Ordinal);
        Assert.StartsWith(
            "4 folds of 'sequences' need at least as many sequences, but there are 3.",
            Message(() => Classes.Folds(4)),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "3 folds of 'sequences' need at least as many groups, but there are 2.",
            Message(() => Classes.Folds(3, group: i => i / 2)),
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>("count", () => Classes.Folds(1));
        Assert.Equal(3, Classes.Folds(3).Count);

        static string Message(Func<object> act) => Assert.ThrowsAny<ArgumentException>(act).Message;
    }

    [Fact]
    public void NoArgument_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("labels", () => SequenceDataset.From([Two], (int[])null!));
        Assert.Throws<ArgumentNullException>("values", () => SequenceDataset.From([Two], (float[])null!));
        Assert.Throws<ArgumentNullException>("values", () => SequenceDataset.From([Two], (float[,])null!));
        Assert.Throws<ArgumentNullException>("stepLabels", () => SequenceDataset.From([Two], (IReadOnlyList<int[]>)null!));
        Assert.Throws<ArgumentNullException>("stepValues", () => SequenceDataset.From([Two], (IReadOnlyList<float[,]>)null!));
        Assert.Throws<ArgumentNullException>("sequences", () => SequenceDataset.From(null!, new[] { 1 }));
        Assert.Throws<ArgumentNullException>("values", () => Classes.DenormalizeTargets(null!));
        Assert.Throws<ArgumentNullException>("indices", () => Classes.Subset(null!));
        Assert.Throws<ArgumentNullException>("request", () => Classes.Read(null!));
        Assert.Throws<ArgumentOutOfRangeException>("request", () => Classes.Read(new BatchRequest { BatchSize = 0 }));
        Assert.Throws<ArgumentNullException>("train", () => new SequenceDatasets(null!, Classes));
        Assert.Throws<ArgumentNullException>("test", () => new SequenceDatasets(Classes, null!));
        Assert.Throws<ArgumentNullException>("options", () => SequenceTable.Load("x.csv", null!));
        Assert.Throws<ArgumentNullException>("path", () => SequenceTable.Load(null!, new SequenceTableOptions()));
    }

    [Fact]
    public void DenormalizedTargets_AreTheValuesAgain()
    {
        using var scope = NewDisposeScope();
        var options = new SequenceDatasetOptions
        {
            TargetNormalization = new() { Mean = [10], StandardDeviation = [4] },
        };
        var data = SequenceDataset.From([Two, One], new[] { 2f, 18 }, options);
        var batch = data.Read(new BatchRequest { BatchSize = 2 }).Single();
        Assert.Equal([-2, 2], batch.Targets.data<float>().ToArray());
        Assert.Equal([2, 18], data.DenormalizeTargets(batch.Targets).data<float>().ToArray());
        Assert.Equal([-2, 2], batch.Targets.data<float>().ToArray());
        var plain = SequenceDataset.From([Two], new[] { 5f });
        using var values = tensor(new[] { 3f });
        using var same = plain.DenormalizeTargets(values);
        Assert.NotSame(values, same);
        TensorAssert.Identical(values, same, "values");
    }

    [Fact]
    public void PartsThatDoNotFit_AreRefused()
    {
        var named = new SequenceDatasetOptions { FeatureNames = ["x", "y", "z"] };
        SequenceDataset[] others =
        [
            SequenceDataset.From([Two, One], new[] { 0, 2 }, named),
            SequenceDataset.From([Two, One], new[] { 0, 1 }),
            SequenceDataset.From([Two, One], new[] { 0f, 1 }),
            SequenceDataset.From([Two, One], new int[][] { [0, 1], [2] }),
        ];
        Assert.All(others, other => Assert.Throws<ArgumentException>("test", () => new SequenceDatasets(Classes, other)));
        Assert.StartsWith(
            "Training and test sequences must have the same features and the same classes or numbers, but one has the features "
                + "feature1, feature2, feature3 and the classes 0, 1, 2, and the other the features feature1, feature2, feature3 "
                + "and the classes 0, 1, 2 at each step.",
            Assert.Throws<ArgumentException>("test", () => new SequenceDatasets(Classes, others[3])).Message,
            StringComparison.Ordinal
        );
        Assert.Equal("sequences", new SequenceDatasets(Classes, Classes).Name);
        Assert.Contains(
            "and the other the features feature1, feature2, feature3 and 1 numbers.",
            Assert.Throws<ArgumentException>("test", () => new SequenceDatasets(Classes, others[2])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FirstFaultOfSequencesAndTargets_IsNamed()
    {
        AssertFault(
            "sequences must be finite, but sequences[1][1, 0] is NaN. Fill what is missing, or leave the sequence out.",
            () =>
                SequenceDataset.From(
                    [
                        One,
                        new float[,]
                        {
                            { 1, 2, 3 },
                            { float.NaN, 2, 3 },
                        },
                    ],
                    new[] { 0, 1 }
                )
        );
        AssertFault(
            "sequences must have at least one step each, but sequences[1] has none.",
            () => SequenceDataset.From([One, new float[0, 3]], new[] { 0, 1 })
        );
        AssertFault(
            "sequences must have 3 columns each, as the first has, but sequences[1] has 2.",
            () => SequenceDataset.From([One, new float[1, 2]], new[] { 0, 1 })
        );
        AssertFault(
            "sequences must have 3 columns each, as the first has, but sequences[1] has none, it is null.",
            () => SequenceDataset.From([One, null!], new[] { 0, 1 })
        );
        AssertFault("targets must be 2, one a sequence, but is 3.", () => SequenceDataset.From([One, Two], new[] { 0, 1, 0 }));
        AssertFault(
            "labels must be from 0 to 1, but sequences[1] has -1.",
            () => SequenceDataset.From([One, Two], new[] { 1, -1 })
        );
        var twoNames = new SequenceDatasetOptions { ClassNames = ["a", "b"] };
        AssertFault(
            "labels must be from 0 to 1, but sequences[0] has 2.",
            () => SequenceDataset.From([One, Two], new[] { 2, 1 }, twoNames)
        );
        AssertFault(
            "values must be finite, but those of sequences[1] are not.",
            () => SequenceDataset.From([One, Two], new[] { 2, float.PositiveInfinity })
        );
        AssertFault(
            "targets at each step must be as many as steps, but those of sequences[1], which has 2, are 1.",
            () => SequenceDataset.From([One, Two], new int[][] { [0], [1] })
        );

        static void AssertFault(string fault, Func<object> make) =>
            Assert.Equal([fault], Assert.Throws<InvalidOptionsException>(make).Faults);
    }
}

using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Sequences;

/// <summary>Small parts of sequences at their edges, and the exact words of their faults.</summary>
[Collection("Torch")]
public sealed class SequenceEdgesTests
{
    private static readonly SequenceTableOptions Sound = new() { Sequence = "id", Class = "c" };

    [Fact]
    public void FaultsOfATablesSettings_SayWhatIsThere()
    {
        const string targets =
            "Class must be given where Values and Forecast are null, and null where one of them is given, but is ";
        AssertFault(targets + "Class beside Values.", Sound with { Values = ["v"] });
        AssertFault(targets + "Class beside Values beside Forecast.", Sound with { Values = ["v"], Forecast = ["w"] });
        AssertFault(targets + "null beside null.", Sound with { Class = null });
        AssertFault(
            "Group must be the name of a column, to split by group, but is null.",
            Sound with
            {
                Split = TableSplit.Group,
            }
        );
        AssertFault("Group must be null where the split is not by group, but is g.", Sound with { Group = "g" });
        AssertFault("Separator must be no quote and no line break, but is \".", Sound with { Separator = '"' });
        AssertFault("Separator must be no quote and no line break, but is U+000A.", Sound with { Separator = '\n' });
    }

    [Fact]
    public void ASpan_BeginsAtItsStep()
    {
        float[] table = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        Assert.Equal([6, 7, 8, 9, 10, 11], new SequenceSpan(table, 2, 2).Numbers(3).ToArray());
        Assert.Equal([4, 5], new SequenceSpan(table, 2, 1).Numbers(2).ToArray());
        Assert.Empty(new SequenceSpan(table, 4, 0).Numbers(3).ToArray());
    }

    [Fact]
    public void ClassesHaveNoValues()
    {
        Assert.Equal(
            0,
            new SequenceTargets(
                [
                    [1],
                ],
                null,
                3,
                perStep: false
            ).ValueCount
        );
        Assert.Equal(
            3,
            new SequenceTargets(
                null,
                [
                    [1, 2, 3],
                ],
                3,
                perStep: false
            ).ValueCount
        );
    }

    [Fact]
    public void TheFirstFeatureOfTheSecondStep_IsFilledFromTheFirst()
    {
        var series = new TableSeries("a", 2);
        series.Add(new OrderKey(1, 0), 2, [7, float.NaN], [], 0);
        series.Add(new OrderKey(2, 0), 3, [float.NaN, 4], [], 0);
        series.Sort();
        MissingFill.FromSequence(series, 2, MissingValues.ForwardFill);
        Assert.Equal([7, float.NaN, 7, 4], series.Features);
    }

    [Fact]
    public void WithoutAForecast_ASequenceIsOneSample()
    {
        var parts = new TableParts(Series(8), Sound with { Window = 1, TestFraction = 0.5 });
        Assert.Equal((4, 4), (parts.Train.Count, parts.Test.Count));
        Assert.All(parts.Train.Concat(parts.Test), sample => Assert.Equal((0, 3), (sample.Begin, sample.Length)));
    }

    /// <summary>Six sequences of one class and two of another; where each step has a class of its own, no class
    /// counts.</summary>
    [Fact]
    public void WholeSequences_AreDrawnByTheirClass_UnlessEachStepHasOne()
    {
        var options = Sound with { TestFraction = 0.5 };
        bool IsEven(SequenceTableOptions setting) =>
            new TableParts(Series(8), setting).Test.Count(sample => sample.Series % 4 == 0) == 1;
        long[] seeds = [.. Enumerable.Range(0, 30).Select(seed => (long)seed)];
        Assert.All(seeds, seed => Assert.True(IsEven(options with { Seed = seed })));
        Assert.Contains(seeds, seed => !IsEven(options with { Seed = seed, TargetEachStep = true }));
    }

    [Fact]
    public void SequencesWithoutFeatures_OrTargetsOfAnotherWidth_AreRefused()
    {
        Assert.Contains(
            "sequences must be of at least one feature, but is 0.",
            Faults(() => SequenceDataset.From([new float[2, 0], new float[1, 0]], [0, 1])),
            StringComparer.Ordinal
        );
        var options = new SequenceDatasetOptions
        {
            TargetNormalization = new FeatureNormalization { Mean = [0, 0], StandardDeviation = [1, 1] },
        };
        Assert.All(
            Faults(() => SequenceDataset.From([new float[2, 1]], [0.5f], options)),
            fault => Assert.StartsWith("TargetNormalization.", fault, StringComparison.Ordinal)
        );
        Assert.NotEmpty(Faults(() => SequenceDataset.From([], Array.Empty<float[,]>())));
        Assert.Equal(
            ["stepValues must have 2 columns each, as the first has, but stepValues[1] has 1."],
            Faults(() => SequenceDataset.From([new float[2, 1], new float[2, 1]], [new float[2, 2], new float[2, 1]]))
        );
    }

    [Fact]
    public void ManyMayReadASetAtOnce()
    {
        IBatchSource data = TinySequences.Create();
        Assert.True(data.SupportsConcurrentReads);
    }

    private static TableSeries[] Series(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var series = new TableSeries("a", 2);
                    for (int step = 0; step < 3; step++)
                    {
                        series.Add(new OrderKey(step, 0), step + 2, [step], [step], i % 4 == 0 ? 1 : 0);
                    }

                    series.Sort();
                    return series;
                }),
        ];

    private static IReadOnlyList<string> Faults(Func<SequenceDataset> make) =>
        Assert.Throws<InvalidOptionsException>(() => make()).Faults;

    private static void AssertFault(string expected, SequenceTableOptions options) =>
        Assert.Equal([expected], OptionsCatalog.Faults(options));
}

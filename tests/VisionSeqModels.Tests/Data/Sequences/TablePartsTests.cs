using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Sequences;

/// <summary>Which steps of a table are for training and which for testing.</summary>
public sealed class TablePartsTests
{
    private static readonly SequenceTableOptions Forecast = new()
    {
        Forecast = ["x"],
        Window = 2,
        Horizon = 1,
        Stride = 1,
        Split = TableSplit.Time,
        TestFraction = 0.5,
    };

    [Theory]
    [InlineData(12, 2, 1, 1, "0 1 2 3", "6 7 8 9", 2)]
    [InlineData(12, 2, 1, 2, "0 2", "6 8", 1)]
    [InlineData(12, 2, 3, 1, "0 1", "6 7", 4)]
    [InlineData(12, 1, 1, 1, "0 1 2 3 4", "6 7 8 9 10", 1)]
    [InlineData(3, 2, 1, 1, "", "", 1)]
    [InlineData(2, 2, 1, 1, "", "", 0)]
    public void Windows_LieWhollyInTheirPart(
        int steps,
        int window,
        int horizon,
        int stride,
        string train,
        string test,
        int leftOut
    )
    {
        var options = Forecast with { Window = window, Horizon = horizon, Stride = stride };
        var parts = new TableParts([Series(Enumerable.Range(0, steps))], options);
        Assert.Equal(train, Begins(parts.Train));
        Assert.Equal(test, Begins(parts.Test));
        Assert.Equal(leftOut, parts.LeftOut);
        Assert.Equal(steps == 3 ? 2 : steps / 2, parts.TrainingSteps(0));
        Assert.All(
            parts.Train.Concat(parts.Test),
            sample =>
                Assert.Equal((0, window, sample.Begin + window - 1 + horizon), (sample.Series, sample.Length, sample.Target))
        );
    }

    [Fact]
    public void Time_DividesAllSequencesAtOneKey()
    {
        TableSeries[] series = [Series([0, 1, 2, 3]), Series([2, 3, 4, 5]), Series([6, 7])];
        // of 10 keys, 0 1 2 2 3 3 4 5 6 7, the sixth begins the test part
        var parts = new TableParts(series, Forecast with { Order = "t" });
        Assert.Equal([3, 1, 0], Enumerable.Range(0, 3).Select(parts.TrainingSteps));
        parts = new TableParts(series, Forecast with { Order = "t", TestFraction = 0.01 });
        Assert.Equal([4, 4, 1], Enumerable.Range(0, 3).Select(parts.TrainingSteps));
    }

    [Fact]
    public void WholeSequences_AreOnOneSide_OrLeftOut()
    {
        TableSeries[] series = [Series([0, 1, 2]), Series([2, 3, 4]), Series([4, 5]), Series([5, 6])];
        var options = new SequenceTableOptions
        {
            Sequence = "id",
            Class = "c",
            Order = "t",
            Split = TableSplit.Time,
            TestFraction = 0.4,
        };
        // of 10 keys, 0 1 2 2 3 4 4 5 5 6, the seventh begins the test part
        var parts = new TableParts(series, options);
        Assert.Equal([0], parts.Train.Select(sample => sample.Series));
        Assert.Equal([2, 3], parts.Test.Select(sample => sample.Series));
        Assert.Equal(1, parts.LeftOut);
        Assert.Equal((0, 3), (parts.Train[0].Begin, parts.Train[0].Length));
    }

    [Fact]
    public void Groups_ArePartsTogether()
    {
        TableSeries[] series = [.. Enumerable.Range(0, 6).Select(_ => Series([0, 1]))];
        for (int i = 0; i < 6; i++)
        {
            series[i].Group = i % 2 == 0 ? "even" : "odd";
        }

        var options = new SequenceTableOptions
        {
            Sequence = "id",
            Class = "c",
            Group = "g",
            Split = TableSplit.Group,
            TestFraction = 0.5,
        };
        var parts = new TableParts(series, options);
        Assert.Equal((3, 3, 0), (parts.Train.Count, parts.Test.Count, parts.LeftOut));
        Assert.Single(parts.Train.Select(sample => sample.Series % 2).Distinct());
        Assert.Equal([2, 2, 2], parts.Train.Select(sample => parts.TrainingSteps(sample.Series)));
        Assert.Equal([0, 0, 0], parts.Test.Select(sample => parts.TrainingSteps(sample.Series)));
    }

    [Fact]
    public void SettingsOfATable_AtTheirBounds()
    {
        var sound = new SequenceTableOptions { Sequence = "id", Class = "c" };
        SequenceTableOptions[] good =
        [
            sound with
            {
                TestFraction = 1e-9,
            },
            sound with
            {
                TestFraction = 1 - 1e-9,
            },
            sound with
            {
                Window = 1,
                Horizon = 1,
                Stride = 1,
            },
            sound with
            {
                MissingTexts = [],
            },
            sound with
            {
                Separator = '\t',
            },
            sound with
            {
                Sequence = null,
                Split = TableSplit.Time,
                Order = "t",
            },
            sound with
            {
                Split = TableSplit.Group,
                Group = "g",
            },
            sound with
            {
                TargetEachStep = true,
            },
            sound with
            {
                Class = null,
                Values = ["v"],
            },
            Forecast,
        ];
        Assert.All(good, options => Assert.Empty(OptionsCatalog.Faults(options)));
        (SequenceTableOptions, string)[] bad =
        [
            (sound with { TestFraction = 0 }, "TestFraction"),
            (sound with { TestFraction = 1 }, "TestFraction"),
            (sound with { TestFraction = double.NaN }, "TestFraction"),
            (sound with { Separator = '\r' }, "Separator"),
            (sound with { Separator = '\n' }, "Separator"),
            (sound with { Separator = '\0' }, "Separator"),
            (sound with { Split = TableSplit.Time }, "Order"),
            (sound with { Sequence = null }, "Sequence"),
            (sound with { Split = TableSplit.Group }, "Group"),
            (sound with { Values = ["v"] }, "Class"),
            (sound with { Features = ["x", "c"] }, "Features"),
            (sound with { Features = ["id"] }, "Features"),
            (sound with { Features = ["x", "x"] }, "Features"),
            (sound with { Features = ["x", null!] }, "Features"),
            (sound with { Features = ["g"], Split = TableSplit.Group, Group = "g" }, "Features"),
            (sound with { Class = null, Values = ["v"], Features = ["v"] }, "Features"),
            (Forecast with { TargetEachStep = true }, "TargetEachStep"),
            (sound with { MissingTexts = [null!] }, "MissingTexts"),
        ];
        Assert.All(
            bad,
            one =>
                Assert.StartsWith(
                    one.Item2 + " must be ",
                    Assert.Single(OptionsCatalog.Faults(one.Item1)),
                    StringComparison.Ordinal
                )
        );
    }

    private static string Begins(IEnumerable<TableSample> samples) => string.Join(' ', samples.Select(sample => sample.Begin));

    /// <summary>A step at each key, whose value is the key.</summary>
    private static TableSeries Series(IEnumerable<int> keys)
    {
        var series = new TableSeries("a", 2);
        foreach (int key in keys)
        {
            series.Add(new OrderKey(key, 0), key + 2, [key], [key], 0);
        }

        series.Sort();
        return series;
    }
}

using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Sequences;

/// <summary>Missing values, normalisation, splits and windows.</summary>
public sealed partial class SequenceTableTests
{
    [Theory]
    [InlineData(MissingValues.Zero, new[] { 0f, 2, 0, 4 })]
    [InlineData(MissingValues.TrainingMean, new[] { 3f, 2, 3, 4 })]
    [InlineData(MissingValues.ForwardFill, new[] { 8 / 3f, 2, 2, 4 })] // before the first value the mean of 2, 2, 4
    public void MissingValues_FollowTheirRule(MissingValues rule, float[] expected)
    {
        const string csv = "g,t,x\n1,1,\n1,2,2\n1,3,NaN\n1,4,4\n2,1,100\n2,2,na\n";
        var options = new SequenceTableOptions
        {
            Sequence = "g",
            Order = "t",
            Features = ["x"],
            Class = "c",
            Missing = rule,
            TestFraction = 0.5,
        };
        string classed = Lines(csv, line => line.StartsWith("g,", StringComparison.Ordinal) ? "c" : line[..1]);
        foreach (long seed in Enumerable.Range(0, 20))
        {
            using var data = Load(classed, options with { Split = TableSplit.Group, Group = "g2", Seed = seed }, withGroup: true);
            if (data.Train.GetLength(0) == 4)
            {
                Assert.Equal(expected, data.Train.GetSequence(0).Cast<float>(), new Near());
                Assert.Equal(100, data.Test.GetSequence(0)[0, 0]); // the test part had no say
                return;
            }
        }

        Assert.Fail("no seed trains on the first sequence");
    }

    [Fact]
    public void Normalization_IsThatOfTheTrainingPartAlone()
    {
        string csv = Rows(Enumerable.Range(0, 20).Select(i => (double)i));
        string changed = Rows(Enumerable.Range(0, 20).Select(i => i < 10 ? i : 1e6 * i)); // the test part alone
        var options = Series with { Normalize = true };
        using var data = Load(csv, options);
        using var other = Load(changed, options);

        Assert.Equal(4.5, data.Normalization!.Mean[0], 1e-12);
        Assert.Equal(Math.Sqrt(8.25), data.Normalization.StandardDeviation[0], 1e-12);
        Assert.Equal(data.Normalization.Mean, other.Normalization!.Mean);
        Assert.Equal(data.TargetNormalization!.Mean, other.TargetNormalization!.Mean);
        Assert.Equal(6, data.TargetNormalization.Mean[0], 1e-12); // of the targets 3 … 9
        Assert.Equal(Text(data.Train), Text(other.Train));
    }

    [Fact]
    public void FeatureThatNeverChanges_HasTheStandardDeviationOne()
    {
        using var data = Load(Rows(Enumerable.Repeat(0.1, 20)), Series with { Normalize = true });
        Assert.Equal(1, data.Normalization!.StandardDeviation[0]);
    }

    [Fact]
    public void Windows_ForecastTheValueAtTheHorizon_AndNoneStraddlesTheSplit()
    {
        string csv = Rows(Enumerable.Range(0, 20).Select(i => (double)i));
        using var data = Load(csv, Series with { Horizon = 2 });
        // window [b, b + 3), target at b + 4; the split is before 10
        Assert.Equal([0, 1, 2, 3, 4, 5], Begins(data.Train));
        Assert.Equal([10, 11, 12, 13, 14, 15], Begins(data.Test));
        Assert.Equal(4, data.LeftOutCount);
        Assert.All(
            [data.Train, data.Test],
            part => Assert.All(Begins(part).Zip(Targets(part)), p => Assert.Equal(p.First + 4, p.Second))
        );

        using var strided = Load(csv, Series with { Stride = 4 });
        Assert.Equal([0, 4], Begins(strided.Train));
        Assert.Equal([12, 16], Begins(strided.Test));
    }

    [Fact]
    public void TimeSplit_IsAtOneDateForAllSequences()
    {
        // b begins when a is half over: the same date divides both
        string rows = string.Concat(
            Enumerable
                .Range(0, 20)
                .Select(i => FormattableString.Invariant($"a,{i},{i}\n"))
                .Concat(Enumerable.Range(0, 20).Select(i => FormattableString.Invariant($"b,{i + 10},{i + 100}\n")))
        );
        using var data = Load("s,t,y\n" + rows, Series with { Sequence = "s", Order = "t", Window = 2, Features = ["y"] });
        Assert.All(Targets(data.Train), target => Assert.True(target < 15 || target is >= 100 and < 105, $"{target}"));
        Assert.All(Begins(data.Test), begin => Assert.True(begin is >= 15 and < 100 || begin >= 105, $"{begin}"));
    }

    [Fact]
    public void TimeSplit_OfWholeSequences_LeavesOutThoseOnBothSides()
    {
        const string csv = "id,t,x,label\na,1,1,p\na,2,1,p\nb,2,2,q\nb,3,2,q\nc,1,3,p\nc,6,3,p\nd,5,4,q\nd,6,4,q\ne,7,5,p\n";
        using var data = Load(csv, Gestures with { Split = TableSplit.Time, TestFraction = 0.4 });
        Assert.Equal((2, 2, 1), (data.Train.Count, data.Test.Count, data.LeftOutCount));
        Assert.Equal([1, 2], Begins(data.Train));
        Assert.Equal([4, 5], Begins(data.Test));
    }

    [Fact]
    public void Groups_AreNeverOnBothSides()
    {
        string rows = string.Concat(
            Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"s{i},1,{i},{(i % 2 == 0 ? "p" : "q")},g{i % 12}\n"))
        );
        for (int seed = 0; seed < 10; seed++)
        {
            var options = Gestures with { Split = TableSplit.Group, Group = "person", TestFraction = 0.25, Seed = seed };
            using var data = Load("id,t,x,label,person\n" + rows, options);
            Assert.Equal(["x"], data.FeatureNames);
            Assert.Equal((45, 15), (data.Train.Count, data.Test.Count));
            var train = Begins(data.Train).Select(x => x % 12).ToHashSet();
            Assert.DoesNotContain(Begins(data.Test).Select(x => x % 12), group => train.Contains(group));
        }

        var error = Assert.Throws<DatasetFormatException>(() =>
            Load("id,t,x,label,person\na,1,1,p,u\na,2,1,p,v\n", Gestures with { Split = TableSplit.Group, Group = "person" })
        );
        Assert.Contains("line 3: the group of 'a' is 'v', but was 'u' in line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_OfASequence_AndClassesOfASteps_AreRead()
    {
        const string csv = "id,t,x,u,v\na,1,1,5,6\na,2,1,5,6\nb,1,2,7,8\n";
        var options = Gestures with { Class = null, Values = ["v", "u"], Normalize = false };
        using var values = Load(csv, options);
        Assert.Equal(["x"], values.FeatureNames);
        Assert.Equal(2, values.ValueCount);
        Assert.Equal(
            new HashSet<string> { "6 5", "8 7" },
            new[] { values.Train, values.Test }.Select(part => string.Join(' ', part.GetValues(0))).ToHashSet()
        );
        var error = Assert.Throws<DatasetFormatException>(() =>
            Load(csv.Replace("b,1", "a,3", StringComparison.Ordinal), options)
        );
        Assert.Contains("line 4: the 'v' of 'a' is 8, but 6 in line 3", error.Message, StringComparison.Ordinal);

        const string steps = "id,t,x,label\na,1,1,p\na,2,1,q\nb,2,1,q\nb,1,1,p\n";
        using var each = Load(steps, Gestures with { TargetEachStep = true });
        Assert.All([each.Train, each.Test], part => Assert.Equal([0, 1], part.GetLabels(0)));
        Assert.True(each.Train.HasStepTargets);
    }

    [Fact]
    public void WindowsWhoseForecastIsMissing_AreLeftOut()
    {
        string csv = Rows(Enumerable.Range(0, 20).Select(i => (double)i)).Replace("\n4\n", "\nNA\n", StringComparison.Ordinal);
        using var data = Load(csv, Series with { Missing = MissingValues.ForwardFill });
        Assert.DoesNotContain(4, Targets(data.Train));
        Assert.Equal(3 + 1, data.LeftOutCount);
        Assert.Equal([2, 3, 3], data.Train.GetSequence(1).Cast<float>()); // the step itself is filled
    }
}

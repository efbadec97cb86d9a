using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Forests of two variables with two levels each, whose trees all find the function itself: the fractions are those
/// of its variance.</summary>
public sealed class ForestKnownTests
{
    [Fact]
    public void OneVariable_HasAll() => AssertFractions((first, _) => first, 80, [1, 0]);

    /// <summary>The variances of 2x and of y are 4/4 and 1/4.</summary>
    [Fact]
    public void Sum_IsDividedAsItsVariances() => AssertFractions((first, second) => (2 * first) + second, 80, [0.8, 0.2]);

    /// <summary>Of a product each factor has a third by itself, and both together the last.</summary>
    [Fact]
    public void Product_HasAThirdOfBothTogether() => AssertFractions((first, second) => first * second, 80, [1 / 3.0, 1 / 3.0]);

    /// <summary>The first variable has its second level in a quarter of the samples: the variance of 2x is 4 · 3/16.</summary>
    [Fact]
    public void RareLevel_CountsAsOftenAsItIsThere() =>
        AssertFractions((first, second) => (2 * first) + second, 160, [0.75, 0.25], rare: true);

    [Fact]
    public void WhatTreesHaveNotSeen_TheyDoNotExplain()
    {
        double[] values = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 0.0 : 1)]; // nothing of it is in the variable
        int[] levels = [.. Enumerable.Range(0, 40).Select(i => i / 2 % 2)];
        Assert.True(new ForestImportance(new TreeSamples([levels], [2], [true], values)).Explained <= 0);
    }

    /// <summary>Both variables say the same, so that each tree gives all to one of them.</summary>
    [Fact]
    public void Forest_HasAHundredTrees()
    {
        int[] levels = [.. Enumerable.Range(0, 40).Select(i => i % 2)];
        double trees =
            100
            * new ForestImportance(
                new TreeSamples([levels, levels], [2, 2], [true, true], [.. levels.Select(level => (double)level)])
            ).Fraction[0];
        Assert.InRange(trees, 1, 99);
        Assert.Equal(Math.Round(trees), trees, 1e-9);
    }

    /// <summary>A tenth is no binary number: the measures of 24 variables together miss 1 a little.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void SameValueEverywhere_IsDueToNoVariable(double value)
    {
        var forest = new ForestImportance(
            new TreeSamples(
                [.. Enumerable.Repeat(Enumerable.Range(0, 10).ToArray(), 24)],
                [.. Enumerable.Repeat(10, 24)],
                [.. Enumerable.Repeat(true, 24)],
                [.. Enumerable.Repeat(value, 10)]
            )
        );
        Assert.All(forest.Fraction, fraction => Assert.Equal(0, fraction));
        Assert.Equal(0, forest.Explained);
    }

    [Fact]
    public void SmallValues_AreDividedLikeOthers() => AssertFractions((first, _) => 1e-9 * first, 80, [1, 0]);

    /// <summary>The first variable has its second level in two fifths of the samples: the variance of 2x is 4 · 6/25.</summary>
    [Fact]
    public void LargeMean_ChangesNoFraction()
    {
        int[] first = [.. Enumerable.Range(0, 100).Select(i => i % 5 < 2 ? 1 : 0)],
            second = [.. Enumerable.Range(0, 100).Select(i => i / 5 % 2)];
        var forest = new ForestImportance(
            new TreeSamples([first, second], [2, 2], [true, true], [.. first.Zip(second, (x, y) => 1e5 + (2 * x) + y)])
        );
        Assert.Equal(0.96 / 1.21, forest.Fraction[0], 1e-8);
        Assert.Equal(0.25 / 1.21, forest.Fraction[1], 1e-8);
    }

    [Fact]
    public void LargeMean_ChangesNothingOfWhatIsExplained()
    {
        int[] levels = [.. Enumerable.Range(0, 40).Select(i => i % 2)];
        double Explained(double mean) =>
            new ForestImportance(
                new TreeSamples([levels], [2], [true], [.. levels.Select((level, i) => mean + (4 * level) + Math.Sin(i * i))])
            ).Explained;
        double explained = Explained(0);
        Assert.InRange(explained, 0.8, 0.95);
        Assert.Equal(explained, Explained(3e5), 1e-9);
    }

    private static void AssertFractions(Func<int, int, double> function, int count, double[] fractions, bool rare = false)
    {
        int[] first = [.. Enumerable.Range(0, count).Select(i => rare ? (i % 4 == 0 ? 1 : 0) : i % 2)],
            second = [.. Enumerable.Range(0, count).Select(i => i / 4 % 2)];
        var forest = new ForestImportance(
            new TreeSamples([first, second], [2, 2], [true, false], [.. first.Zip(second, function)])
        );
        Assert.Equal(fractions[0], forest.Fraction[0], 1e-9);
        Assert.Equal(fractions[1], forest.Fraction[1], 1e-9);
        Assert.Equal(1, forest.Explained, 1e-9);
    }
}

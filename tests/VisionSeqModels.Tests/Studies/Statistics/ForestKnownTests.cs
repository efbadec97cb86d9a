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

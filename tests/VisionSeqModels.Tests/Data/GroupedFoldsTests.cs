using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

/// <summary>The fold of each sample, as another program computed it from the definition.</summary>
public sealed class GroupedFoldsTests
{
    [Fact]
    public void ThreeClasses_InFoldsOfOtherSizes() =>
        AssertFolds(
            [2, 2, 0, 2, 2, 1, 1, 2, 2, 2, 2, 2, 1, 2],
            labels: [0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0, 0, 2, 1],
            groups: [4, 0, 5, 1, 1, 3, 3, 0, 2, 2, 2, 4, 3, 2],
            sizes: [0.5, 0.5, 2]
        );

    [Fact]
    public void ThreeClasses_InTwoFolds() =>
        AssertFolds(
            [0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1],
            labels: [0, 0, 2, 0, 2, 0, 0, 0, 0, 1, 0, 1, 0, 0],
            groups: [4, 0, 3, 2, 0, 0, 1, 5, 4, 3, 5, 2, 2, 0],
            sizes: [0.5, 1.5]
        );

    [Fact]
    public void OneClass_IsDividedByTheGroupsSizes() =>
        AssertFolds(
            [2, 0, 1, 0, 0, 1, 0, 1, 2, 2, 1, 2, 0, 1],
            labels: new int[14],
            groups: [2, 0, 5, 0, 0, 5, 3, 5, 1, 1, 4, 1, 3, 4],
            sizes: [1, 1, 1]
        );

    [Fact]
    public void WithoutClasses_InFoldsOfOtherSizes() =>
        AssertFolds([0, 1, 2, 2, 2, 2, 2, 1, 2], null, groups: [3, 4, 1, 1, 1, 1, 1, 0, 1], sizes: [0.6, 1, 1.4]);

    /// <summary>As many groups are left as folds are empty: each gets one, though one group is nearly all.</summary>
    [Fact]
    public void NoFold_StaysEmpty()
    {
        long[] groups = [0, 0, 0, 0, 0, 0, 0, 0, 1, 2];
        int[] folds = GroupedFolds.Of([.. Enumerable.Range(0, 10)], null, groups, 3, [2.8, 0.1, 0.1]);
        Assert.Equal(3, folds.Distinct().Count());
        Assert.Single(folds[..8].Distinct());
    }

    private static void AssertFolds(int[] expected, int[]? labels, long[] groups, double[] sizes) =>
        Assert.Equal(expected, GroupedFolds.Of([.. Enumerable.Range(0, expected.Length)], labels, groups, sizes.Length, sizes));
}

using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>Trees of a few samples, divided by hand.</summary>
public sealed class RegressionTreeTests
{
    [Fact]
    public void OrderedLevels_AreDividedWhereTheErrorIsLeast()
    {
        var tree = Of(
            [
                [0, 0, 1, 1, 2, 2],
            ],
            [3],
            true,
            1,
            1,
            1,
            1,
            5,
            5
        );
        Assert.Equal([(1, "110"), (5, "001")], Leaves(tree));
        Assert.Equal([1, 1, 1, 1, 5, 5], Enumerable.Range(0, 6).Select(tree.Predict));
    }

    [Fact]
    public void Leaves_HaveTwoSamplesAtLeast()
    {
        Assert.Equal(
            [(2, "11")],
            Leaves(
                Of(
                    [
                        [0, 1, 1],
                    ],
                    [2],
                    true,
                    4,
                    1,
                    1
                )
            )
        );
        Assert.Equal(
            [(2, "11")],
            Leaves(
                Of(
                    [
                        [0, 0, 1],
                    ],
                    [2],
                    true,
                    1,
                    1,
                    4
                )
            )
        );
        Assert.Equal(
            [(4, "10"), (1, "01")],
            Leaves(
                Of(
                    [
                        [0, 0, 1, 1],
                    ],
                    [2],
                    true,
                    4,
                    4,
                    1,
                    1
                )
            )
        );
    }

    [Fact]
    public void EqualValues_AreNotDivided() =>
        Assert.Equal(
            [(3, "11")],
            Leaves(
                Of(
                    [
                        [0, 0, 1, 1],
                    ],
                    [2],
                    true,
                    3,
                    3,
                    3,
                    3
                )
            )
        );

    [Fact]
    public void Division_GoesOnWithinItsParts()
    {
        var tree = Of(
            [
                [0, 0, 1, 1, 2, 2, 3, 3],
            ],
            [4],
            true,
            1,
            1,
            2,
            2,
            10,
            10,
            12,
            12
        );
        Assert.Equal([(1, "1000"), (2, "0100"), (10, "0010"), (12, "0001")], Leaves(tree));
    }

    /// <summary>Level 0 and 4 have samples, those between do not: 1 and 2 go to the left, 3 to the right.</summary>
    [Fact]
    public void OrderedLevelsWithoutSamples_GoToTheNearerSide() =>
        Assert.Equal(
            [(1, "11100"), (5, "00011")],
            Leaves(
                Of(
                    [
                        [0, 0, 4, 4],
                    ],
                    [5],
                    true,
                    1,
                    1,
                    5,
                    5
                )
            )
        );

    /// <summary>Their means are 1, 9, 1: the second is alone on the right. A level without samples goes right.</summary>
    [Fact]
    public void LevelsWithoutOrder_AreSortedByTheirMeans()
    {
        var tree = Of(
            [
                [0, 0, 1, 1, 2, 2],
            ],
            [4],
            false,
            1,
            1,
            9,
            9,
            1,
            1
        );
        Assert.Equal([(1, "1010"), (9, "0101")], Leaves(tree));
        var sums = Of(
            [
                [0, 0, 1, 1, 1, 1, 1, 1],
            ],
            [2],
            false,
            4,
            4,
            2,
            2,
            2,
            2,
            2,
            2
        ); // the mean counts, not the sum
        Assert.Equal([(2, "01"), (4, "10")], Leaves(sums));
    }

    [Fact]
    public void OfTwoVariables_TheBetterDivides()
    {
        var tree = Of(
            [
                [0, 1, 0, 1],
                [0, 0, 1, 1],
            ],
            [2, 2],
            true,
            1,
            1,
            7,
            7
        );
        Assert.Equal([(1, "11 10"), (7, "11 01")], Leaves(tree));
        var other = Of(
            [
                [0, 0, 1, 1],
                [0, 1, 0, 1],
            ],
            [2, 2],
            true,
            1,
            1,
            7,
            7
        );
        Assert.Equal([(1, "10 11"), (7, "01 11")], Leaves(other));
    }

    /// <summary>Of three variables each division may look at two, of four at three.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Division_LooksAtTwoThirdsOfTheVariables(int variables)
    {
        int divided = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            int[][] levels =
            [
                [0, 0, 1, 1],
                .. Enumerable.Repeat(new[] { 0, 0, 0, 0 }, variables - 1),
            ];
            var samples = new TreeSamples(
                levels,
                [2, .. Enumerable.Repeat(1, variables - 1)],
                Flags(variables, true),
                [1, 1, 7, 7]
            );
            divided += new RegressionTree(samples, [0, 1, 2, 3], new Random(seed)).Leaves.Count - 1;
        }

        double fraction = (variables - 1.0) / variables;
        Assert.InRange(divided, (200 * fraction) - 30, (200 * fraction) + 30); // five deviations
    }

    [Fact]
    public void SamplesChosenTwice_CountTwice()
    {
        var samples = new TreeSamples(
            [
                [0, 1],
            ],
            [2],
            [true],
            [0, 6]
        );
        var tree = new RegressionTree(samples, [0, 1, 1], new Random(1));
        Assert.Equal([(4, "11")], Leaves(tree));
        Assert.Equal([(0, "10"), (6, "01")], Leaves(new RegressionTree(samples, [0, 1, 0, 1], new Random(1))));
    }

    private static RegressionTree Of(int[][] levels, int[] counts, bool isOrdered, params double[] values) =>
        new(
            new TreeSamples(levels, counts, Flags(levels.Length, isOrdered), values),
            [.. Enumerable.Range(0, values.Length)],
            new Random(1)
        );

    private static bool[] Flags(int count, bool value) => [.. Enumerable.Repeat(value, count)];

    private static IEnumerable<(double Value, string Region)> Leaves(RegressionTree tree) =>
        tree.Leaves.Select(leaf =>
            (leaf.Value, string.Join(' ', leaf.Region.Select(levels => string.Concat(levels.Select(has => has ? '1' : '0')))))
        );
}

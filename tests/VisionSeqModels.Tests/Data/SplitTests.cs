using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

/// <summary>How samples are divided. Known answers were worked out independently in Python: they keep a split the same on every
/// system and in every version.</summary>
public sealed class SplitTests
{
    private static readonly int[] Labels = [.. Enumerable.Range(0, 21).Select(i => i * i % 3)];

    [Fact]
    public void StratifiedSplit_OfASeed_StaysWhatItIs()
    {
        Assert.Equal([1, 2, 6, 9, 10, 17], StratifiedSplit.Chosen("x", Labels, 0.25, 7).Order());
        Assert.Equal([1, 5, 7, 8, 9, 10, 12, 15, 16, 17, 18], StratifiedSplit.Chosen("x", Labels, 0.5, -1).Order());
    }

    [Theory]
    [InlineData(0.49, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.69, 3)]
    [InlineData(0.7, 4)]
    public void HalfASample_IsRoundedUp(double fraction, int chosen) =>
        Assert.Equal(chosen, StratifiedSplit.Chosen("x", [1, 1, 1, 1, 1], fraction, 0).Count);

    [Theory]
    [InlineData(0.09)]
    [InlineData(0.95)]
    public void EmptyPart_IsRefused(double fraction) =>
        Assert.StartsWith(
            FormattableString.Invariant($"A fraction of {fraction} of the 5 images of 'x' leaves one part without images."),
            Assert.Throws<ArgumentException>("fraction", () => StratifiedSplit.Chosen("x", [1, 1, 1, 1, 1], fraction, 0)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void SequenceSplit_OfASeed_StaysWhatItIs()
    {
        Assert.Equal("010100010001000010100", Text(SequenceSplit.Of(21, Labels, null, 0.25, 7)));
        Assert.Equal("011100011001", Text(SequenceSplit.Of(12, null, null, 0.5, 7)));
        long[] groups = [.. Enumerable.Range(0, 21).Select(i => (long)(i * i % 5))];
        Assert.Equal("100001000010000100001", Text(SequenceSplit.Of(21, null, groups, 0.3, 7)));
        Assert.Equal("110011100111001110011", Text(SequenceSplit.Of(21, null, groups, 0.5, 3)));
    }

    [Theory]
    [InlineData(0.25, 1)]
    [InlineData(0.5, 2)]
    [InlineData(0.74, 3)]
    [InlineData(0.1, 0)]
    [InlineData(0.125, 1)]
    public void SequenceSplit_TakesTheFractionOfEachClass(double fraction, int chosen)
    {
        bool[] isChosen = SequenceSplit.Of(8, [0, 1, 0, 1, 0, 1, 0, 1], null, fraction, 3);
        Assert.Equal(chosen, isChosen.Where((_, i) => i % 2 == 0).Count(one => one));
        Assert.Equal(chosen, isChosen.Where((_, i) => i % 2 == 1).Count(one => one));
    }

    [Fact]
    public void Group_IsTakenWhereThatComesCloser()
    {
        // 3 of 6 are wanted, and each group has 2: one is closer than none, a second is as far as it was
        bool[] isChosen = SequenceSplit.Of(6, null, [0, 0, 1, 1, 2, 2], 0.5, 1);
        Assert.Equal(2, isChosen.Count(one => one));
        // a group of 4 is as far from 2 as none
        Assert.DoesNotContain(true, SequenceSplit.Of(4, null, [0, 0, 0, 0], 0.5, 1));
        Assert.DoesNotContain(false, SequenceSplit.Of(4, null, [0, 0, 0, 0], 0.51, 1));
    }

    [Fact]
    public void LargestGroups_AreGivenFirst_EachToTheSmallestFold()
    {
        long[] groups = [.. new[] { 5, 3, 2, 2 }.SelectMany((size, group) => Enumerable.Repeat((long)group, size))];
        int[] order = [.. Enumerable.Range(0, 12)];
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0], GroupedFolds.Of(order, null, groups, 2));
        // a fold that is to be three times as large takes the large ones
        Assert.Equal(9, GroupedFolds.Of(order, null, [.. order.Select(i => (long)i)], 2, [0.5, 1.5]).Count(fold => fold == 1));
        // as many groups as folds: one each
        Assert.Equal([0, 1, 2, 3], GroupedFolds.Of(order, null, groups, 4).Distinct().Order());
        Assert.Equal([3, 2, 1, 0], GroupedFolds.Of([3, 2, 1, 0], null, [0, 1, 2, 3], 4));
    }

    [Fact]
    public void GroupsWithClasses_GoWhereTheFractionsThenDifferLeast()
    {
        // groups of one class each, two of either: each fold gets one of either
        int[] labels = [0, 0, 1, 1, 0, 0, 1, 1];
        long[] groups = [0, 0, 1, 1, 2, 2, 3, 3];
        int[] foldOf = GroupedFolds.Of([.. Enumerable.Range(0, 8)], labels, groups, 2);
        for (int fold = 0; fold < 2; fold++)
        {
            Assert.Equal([0, 0, 1, 1], labels.Where((_, i) => foldOf[i] == fold).Order());
        }

        // the group furthest from even is the first, whatever its size
        foldOf = GroupedFolds.Of([.. Enumerable.Range(0, 7)], [0, 1, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1], 2);
        Assert.Equal([1, 1, 1, 1, 0, 0, 0], foldOf);
    }

    [Fact]
    public void BucketOrder_OfASeed_StaysWhatItIs()
    {
        var request = new BatchRequest
        {
            BatchSize = 4,
            Shuffle = true,
            Seed = 7,
            Epoch = 2,
        };
        Assert.Equal(
            [17, 6, 3, 14, 5, 13, 2, 10, 12, 1, 20, 9, 0, 22, 8, 19, 18, 7, 15, 4, 11, 16, 21],
            BucketOrder.Of([.. Enumerable.Range(0, 23).Select(i => (long)(((i * 5) + 3) % 23))], Length, request)
        );
        // more than the 32 batches that are sorted together
        long[] order = BucketOrder.Of(
            [.. Enumerable.Range(0, 70).Select(i => (long)i)],
            Length,
            request with
            {
                BatchSize = 2,
                Seed = 3,
                Epoch = 1,
            }
        );
        Assert.Equal([15, 26, 66, 68, 8, 19, 50, 61, 64, 69, 27, 38, 2, 13, 47, 58], order[..16]);
        Assert.Equal([18, 29, 65, 67, 30, 41, 52, 63, 34, 45], order[^10..]);
        Assert.Equal(Enumerable.Range(0, 70).Select(i => (long)i), order.Order());

        static int Length(long i) => (int)((i * 7 % 11) + 1);
    }

    [Fact]
    public void WeightTree_DrawsWhereTheSumOfTheWeightsReachesTheNumber()
    {
        double[] weights = [0, 2, 0.5, 0, 3, 1, 0];
        var tree = new WeightTree(weights);
        Assert.Equal(6.5, tree.Total);
        var (random, same) = (new SplitMix(5), new SplitMix(5));
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(Place(weights, same.Unit()), tree.Draw(ref random));
        }

        tree.Remove(4);
        weights[4] = 0;
        Assert.Equal(3.5, tree.Total);
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(Place(weights, same.Unit()), tree.Draw(ref random));
        }

        tree.Remove(1);
        tree.Remove(2);
        Assert.Equal(1, tree.Total);
        Assert.Equal(5, tree.Draw(ref random));
        Assert.Equal(0, new WeightTree([7]).Draw(ref random));
    }

    private static int Place(double[] weights, double unit)
    {
        double at = unit * weights.Sum();
        for (int i = 0; i < weights.Length; i++)
        {
            if (at < weights[i])
            {
                return i;
            }

            at -= weights[i];
        }

        throw new InvalidOperationException("beyond the last");
    }

    private static string Text(bool[] chosen) => string.Concat(chosen.Select(one => one ? '1' : '0'));
}

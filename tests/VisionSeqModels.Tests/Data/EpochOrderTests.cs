using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

public sealed class EpochOrderTests
{
    [Theory]
    [InlineData(10, 4, 0, false, "0+4 4+4 8+2")]
    [InlineData(10, 4, 0, true, "0+4 4+4")]
    [InlineData(8, 4, 0, true, "0+4 4+4")]
    [InlineData(10, 4, 1, false, "4+4 8+2")]
    [InlineData(10, 4, 2, true, "")]
    [InlineData(10, 4, 3, false, "")]
    [InlineData(3, 4, 0, false, "0+3")]
    [InlineData(3, 4, 0, true, "")]
    [InlineData(0, 4, 0, false, "")]
    [InlineData(3, int.MaxValue, 0, false, "0+3")]
    [InlineData(3, int.MaxValue, int.MaxValue, false, "")]
    [InlineData(3, 1, 0, true, "0+1 1+1 2+1")]
    public void Batches_CoverTheSamples(int count, int size, int skipped, bool dropLast, string expected)
    {
        var request = new BatchRequest
        {
            BatchSize = size,
            SkipBatches = skipped,
            DropLast = dropLast,
        };
        Assert.Equal(
            expected,
            string.Join(' ', EpochOrder.Batches(request, count).Select(batch => $"{batch.Begin}+{batch.Size}"))
        );
    }

    [Fact]
    public void Order_IsThatOfTheRequest()
    {
        var stored = new BatchRequest { BatchSize = 1 };
        long[] chosen = [5, 3, 9, 0];
        Assert.Null(EpochOrder.Of(stored, 4));
        Assert.Same(chosen, EpochOrder.Of(stored, 4, chosen));
        var shuffled = stored with { Shuffle = true, Seed = 3, Epoch = 2 };
        long[] order = EpochOrder.Shuffled(4, 3, 2);
        Assert.Equal(order, EpochOrder.Of(shuffled, 4));
        Assert.Equal(order.Select(i => chosen[i]), EpochOrder.Of(shuffled, 4, chosen)!);
        Assert.Equal([0, 1, 2, 3], order.Order());
        Assert.Empty(EpochOrder.Shuffled(0, 1, 1));
    }

    /// <summary>Known answers, worked out independently in Python.</summary>
    [Theory]
    [InlineData(7, 2, 5, 6417048864439656)]
    [InlineData(-1, 1, 0, 5105258068900162874)]
    public void SeedOfAStep_StaysWhatItIs(long seed, int epoch, int step, long expected) =>
        Assert.Equal(expected, StepSeed.Of(seed, epoch, step));
}

using VisionSeqModels.Benchmarks.Compare;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Benchmarks;

/// <summary>Contenders that take turns within one process: <c>interleave</c>.</summary>
[Collection("Torch")]
public sealed class TurnTests
{
    private static readonly BlockPlan Plan = new(Rounds: 3, Blocks: 2, Steps: 4, Settling: 1);

    [Fact]
    public void EachBlock_HasOneTurnOfEach_InAnOrderThatChanges()
    {
        var plan = Plan with { Blocks = 10 };
        var turns = plan.Turns(contenders: 4, seed: 1).ToArray();
        Assert.Equal((plan.Rounds + 1) * plan.Blocks * 4, turns.Length);
        var blocks = turns.Chunk(4).ToArray();
        Assert.All(blocks, block => Assert.Equal([0, 1, 2, 3], block.Select(turn => turn.Number).Order()));
        Assert.All(blocks, (block, i) => Assert.All(block, turn => Assert.Equal(i / plan.Blocks, turn.Round)));
        Assert.True(blocks.Select(block => string.Join(' ', block.Select(turn => turn.Number))).Distinct().Count() > 10);
    }

    [Fact]
    public void Times_AreMillisecondsAStep_WithoutTheWarmUp()
    {
        var times = new BlockTimes(Plan, contenders: 2);
        times.Add((0, 1), 100); // warm-up
        times.Add((1, 1), 0.008);
        times.Add((1, 1), 0.016);
        times.Add((3, 1), 0.8);
        Assert.Equal([3, 0, 100], times.MillisecondsAStep(1).Select(time => Math.Round(time, 9)));
        Assert.Equal([0, 0, 0], times.MillisecondsAStep(0));
    }

    [Fact]
    public void WithinAFit_EveryoneHasEveryTurn_AndTheFitStepsAsOften()
    {
        Counting[] others = [new(), new()];
        var times = new BlockTimes(Plan, others.Length + 1);
        var steps = new StepCounter();
        var history = Fit(new FitBlocks(Plan, others, times), steps);

        Assert.Equal(StopReason.StoppedEarly, history.StopReason);
        int turns = (Plan.Rounds + 1) * Plan.Blocks;
        Assert.All(others, other => Assert.Equal((turns, Plan.Settling, Plan.Steps), (other.Turns, other.Settling, other.Steps)));
        Assert.Equal((Plan.Steps / 2) + (turns * (Plan.Settling + Plan.Steps)), steps.Count);
        Assert.All(times.MillisecondsAStep(0), time => Assert.True(time > 0));
        Assert.All(times.MillisecondsAStep(1), time => Assert.Equal(1000.0 / Plan.Steps, time, 9));
    }

    /// <summary>A GPU works on while the program continues: it is awaited in each step in which a clock is read.</summary>
    [Fact]
    public void WithinAFit_TheDeviceIsAwaited_WhereABlockBegins_WhereItsTimeBegins_AndWhereItEnds()
    {
        var steps = new StepCounter();
        var waits = new List<int>();
        Counting[] others = [new()];
        var blocks = new FitBlocks(Plan, others, new BlockTimes(Plan, others.Length + 1));
        Fit(steps, new FitWaits(Plan, () => waits.Add(steps.Count)), blocks);

        var begins = Enumerable
            .Range(0, ((Plan.Rounds + 1) * Plan.Blocks) + 1)
            .Select(block => (Plan.Steps / 2) + (block * (Plan.Settling + Plan.Steps)));
        Assert.Equal(begins.SelectMany(step => new[] { step, step + Plan.Settling }).SkipLast(1), waits);
    }

    [Fact]
    public void AnAwaitedLoop_TrainsAsMuch_AndIsAwaitedBeforeAndAfterItsTime()
    {
        var waits = new List<int>();
        var loop = new Counting();
        using var awaited = new AwaitedContender(loop, () => waits.Add(loop.Settling + (10 * loop.Steps)));
        Assert.InRange(awaited.Run(settling: 3, steps: 5), 0, 60);
        Assert.Equal([3, 50], waits);
        Assert.Equal("counting", awaited.Name);
    }

    [Fact]
    public void EpochsEnd_IsWithinATimedPart()
    {
        int begun = Plan.Steps / 2; // steps of the first epoch before the first block
        int place = (Plan.EpochSteps - begun) % (Plan.Settling + Plan.Steps); // of the epoch's last step in its block
        Assert.InRange(place, Plan.Settling, Plan.Settling + Plan.Steps - 1);
    }

    [Fact]
    public void Ratio_OfTheSameTimes_IsOne()
    {
        double[] times = [1, 2, 3, 4, 5];
        Assert.Equal(new RatioInterval(1, 1, 1), RatioInterval.Of(times, times));
        Assert.Equal(2.5, RatioInterval.Median([4, 1, 3, 2]));
    }

    /// <summary>Both were slowed down in the same rounds; the interval is as narrow as if nothing had been.</summary>
    [Fact]
    public void Ratio_CancelsWhatSlowsWholeRounds()
    {
        var random = new Random(2);
        double[] slow = [.. Enumerable.Range(0, 31).Select(_ => 1 + random.NextDouble())];
        double[] half = [.. slow.Select(time => time * (0.5 + (0.002 * random.NextDouble())))];
        var ratio = RatioInterval.Of(half, slow);
        Assert.InRange(ratio.Ratio, 0.49, 0.51);
        Assert.InRange(ratio.Low, 0.49, ratio.Ratio);
        Assert.InRange(ratio.High, ratio.Ratio, 0.51);
    }

    [Fact]
    public void Interval_HoldsTheTruth_AboutNinetyFiveTimesOfAHundred()
    {
        var random = new Random(3);
        double Noise() => Math.Exp(0.2 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5));
        int held = 0;
        for (int i = 0; i < 100; i++)
        {
            double[] times = [.. Enumerable.Range(0, 21).Select(_ => 0.8 * Noise())];
            double[] others = [.. Enumerable.Range(0, 21).Select(_ => Noise())];
            var ratio = RatioInterval.Of(times, others);
            held += ratio.Low <= 0.8 && 0.8 <= ratio.High ? 1 : 0;
        }

        Assert.InRange(held, 88, 100);
    }

    /// <summary>Trains for as long as the plan can need.</summary>
    private static TrainingHistory Fit(params Callback[] callbacks)
    {
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = Plan.EpochSteps * 2, TestCount = 1 });
        using var model = VisionModels.LeNet();
        var options = new TrainerOptions
        {
            Epochs = Plan.Rounds + 3,
            BatchSize = 2,
            Seed = 1,
            Device = "cpu",
        };
        var trainer = new Trainer(options);
        Array.ForEach(callbacks, trainer.Callbacks.Add);
        return trainer.Fit(model, data.Train);
    }

    private sealed class Counting : IContender
    {
        public string Name => "counting";

        public int Turns { get; private set; }

        public int Settling { get; private set; }

        public int Steps { get; private set; }

        public double Run(int settling, int steps)
        {
            Turns++;
            (Settling, Steps) = (settling, steps);
            return 1;
        }

        public void Dispose() { }
    }

    private sealed class StepCounter : Callback
    {
        public int Count { get; private set; }

        public override void OnStepEnd(StepEndEvent e) => Count++;
    }
}

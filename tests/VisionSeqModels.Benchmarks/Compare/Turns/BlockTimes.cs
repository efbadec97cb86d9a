namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>What the blocks took: for each contender a sum a round.</summary>
internal sealed class BlockTimes(BlockPlan plan, int contenders)
{
    private readonly double[][] _seconds = [.. Enumerable.Range(0, contenders).Select(_ => new double[plan.Rounds + 1])];

    public void Add((int Round, int Number) turn, double seconds) => _seconds[turn.Number][turn.Round] += seconds;

    /// <summary>Milliseconds a step of each round that counts.</summary>
    public double[] MillisecondsAStep(int number) =>
        [.. _seconds[number].Skip(1).Select(seconds => 1000 * seconds / (plan.Blocks * plan.Steps))];
}

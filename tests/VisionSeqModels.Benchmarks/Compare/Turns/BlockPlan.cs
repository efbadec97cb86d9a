namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>How much is run in turn.</summary>
/// <param name="Rounds">Rounds that count; one more before them warms up.</param>
/// <param name="Blocks">Blocks of a round; a round is an epoch of <c>Trainer.Fit</c>.</param>
/// <param name="Steps">Steps of a block that are timed.</param>
/// <param name="Settling">Steps at a block's begin that are not.</param>
internal sealed record BlockPlan(int Rounds, int Blocks, int Steps, int Settling)
{
    /// <summary>Steps of an epoch.</summary>
    public int EpochSteps => Blocks * (Steps + Settling);

    /// <summary>Whose turn it is, for the warm-up and all rounds: in each block every one of so many has one, in a random
    /// order.</summary>
    /// <returns>Round (0 warms up) and number.</returns>
    public IEnumerable<(int Round, int Number)> Turns(int contenders, int seed)
    {
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, contenders)];
        for (int round = 0; round <= Rounds; round++)
        {
            for (int block = 0; block < Blocks; block++)
            {
                random.Shuffle(order);
                foreach (int number in order)
                {
                    yield return (round, number);
                }
            }
        }
    }
}

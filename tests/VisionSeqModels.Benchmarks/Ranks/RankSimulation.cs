namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>Steps of many ranks, message by message: each computes, then takes part in the step's collective operations. A
/// message begins when both its ends are ready, and takes <c>Latency + n / Bandwidth</c>. An all-to-all goes pairwise; an
/// all-gather in a ring, or by Bruck's algorithm where it is small, as Open MPI chooses.</summary>
internal sealed class RankSimulation(RankLink link, int ranks, int seed = 1)
{
    private const long SmallBytes = 50_000; // of a whole all-gather
    private readonly Random _random = new(seed);
    private double[] _ready = new double[ranks];

    /// <summary>The mean seconds of a step.</summary>
    /// <param name="compute">What a rank does itself in a step, in seconds.</param>
    /// <param name="spread">The standard deviation of its logarithm.</param>
    /// <param name="calls">The collective operations.</param>
    /// <param name="steps">How many steps.</param>
    public double Step(double compute, double spread, IReadOnlyList<Collective> calls, int steps = 20)
    {
        for (int step = 0; step < steps; step++)
        {
            for (int rank = 0; rank < ranks; rank++)
            {
                _ready[rank] += compute * Math.Exp(spread * Normal());
            }

            foreach (var call in calls)
            {
                Exchange(call);
            }
        }

        return _ready.Max() / steps;
    }

    private void Exchange(Collective call)
    {
        if (!call.IsAllToAll && call.Bytes * ranks < SmallBytes)
        {
            for (int distance = 1; distance < ranks; distance *= 2)
            {
                Round(distance, call.Bytes * Math.Min(distance, ranks - distance));
            }

            return;
        }

        for (int round = 1; round < ranks; round++)
        {
            Round(call.IsAllToAll ? round : 1, call.Bytes);
        }
    }

    /// <summary>Each rank sends to the one at a distance, and receives from the one as far behind.</summary>
    private void Round(int distance, long bytes)
    {
        double[] next = new double[ranks];
        double takes = link.Latency + (bytes / link.Bandwidth);
        for (int rank = 0; rank < ranks; rank++)
        {
            double to = _ready[(rank + distance) % ranks],
                from = _ready[(rank + ranks - distance) % ranks];
            next[rank] = Math.Max(_ready[rank], Math.Max(to, from)) + takes;
        }

        _ready = next;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}

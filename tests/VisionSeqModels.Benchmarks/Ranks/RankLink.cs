using System.Diagnostics;
using VisionSeqModels.Training;

namespace VisionSeqModels.Benchmarks.Ranks;

/// <summary>What a network does: a message of n bytes takes <c>Latency + n / Bandwidth</c> seconds. Every rank has a link of its
/// own that sends and receives at once, and the switch does not slow them down.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Latency">In seconds, with what MPI and the system do for a message.</param>
/// <param name="Bandwidth">In bytes a second.</param>
internal sealed record RankLink(string Name, double Latency, double Bandwidth)
{
    private const double Usable = 0.94; // of the nominal bandwidth, without the headers of TCP, IP and Ethernet

    /// <summary>Latencies are assumed: TCP for the first two, RDMA for the third.</summary>
    public static RankLink[] Networks { get; } =
    [new("1 GbE", 50e-6, Usable * 1e9 / 8), new("10 GbE", 20e-6, Usable * 1e10 / 8), new("100 GbE", 5e-6, Usable * 1e11 / 8)];

    /// <summary>Measures the link between the ranks of an exchange; every rank calls it.</summary>
    public static RankLink Measure(IShardExchange exchange)
    {
        int[] small = Counts(exchange.Size, 8),
            large = Counts(exchange.Size, 1 << 20);
        byte[] from = new byte[large.Sum()],
            to = new byte[large.Sum()];
        int rounds = exchange.Size - 1;
        double shortest = Median(
            200,
            () => exchange.AllToAll(from.AsSpan(0, small.Sum()), small, to.AsSpan(0, small.Sum()), small)
        );
        double longest = Median(40, () => exchange.AllToAll(from, large, to, large));
        return new RankLink("measured", shortest / rounds, rounds * large[0] / (longest - shortest));
    }

    private static int[] Counts(int ranks, int bytes) => [.. Enumerable.Repeat(bytes, ranks)];

    private static double Median(int times, Action call)
    {
        var seconds = new List<double>();
        for (int i = 0; i < times + 5; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            call();
            seconds.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        return seconds.Skip(5).Order().ElementAt(times / 2);
    }
}

using System.Diagnostics;

namespace VisionSeqModels.Benchmarks.Workers;

/// <summary>What the calls of a ledger cost, in seconds: medians of one client alone; and what several get done.</summary>
internal sealed record LedgerCost
{
    private const int Looks = 15;

    public required string Ledger { get; init; }

    /// <summary>Of a claim of one trial.</summary>
    public required double Claim { get; init; }

    /// <summary>Of a look at all trials, for each that is over. A worker looks before each claim.</summary>
    public required double LookOver { get; init; }

    /// <summary>Of the same look, for each trial that a worker has now.</summary>
    public required double LookClaimed { get; init; }

    public required double Renew { get; init; }

    public required double Publish { get; init; }

    public required double Complete { get; init; }

    /// <summary>Whole trials (a claim, a renewal, a state and an end) that several clients got done in a second.</summary>
    public required double TrialsPerSecond { get; init; }

    public required int StateBytes { get; init; }

    /// <summary>How many of these calls the ledger does at once, as far as this machine shows.</summary>
    public double AtOnce => Math.Max(1, TrialsPerSecond * (Claim + Renew + Publish + Complete));

    /// <summary>Of a look, with so many trials over and so many claimed.</summary>
    public double Look(int over, int claimed) => (over * LookOver) + (claimed * LookClaimed);

    /// <param name="kind">Which ledger.</param>
    /// <param name="run">A name that no study has yet.</param>
    /// <param name="trials">Trials of each measured study.</param>
    /// <param name="stateBytes">The size of a trial's state.</param>
    /// <param name="clients">Clients at once for the throughput.</param>
    public static LedgerCost Measure(LedgerKind kind, string run, int trials, int stateBytes, int clients)
    {
        string[] all = [.. Enumerable.Range(0, trials).Select(i => $"trial{i:00000}")];
        string folder = Directory.CreateTempSubdirectory("visionseq-ledger").FullName;
        try
        {
            string state = Path.Combine(folder, "state");
            File.WriteAllBytes(state, Random(stateBytes));
            var client = new LedgerClient(kind.Open($"{run} alone"), state);
            client.Work(all);
            double over = client.Look(Looks);
            for (int i = 0; i < trials; i++)
            {
                client.Claim($"open{i:00000}");
            }

            double both = client.Look(Looks);
            var ledgers = Enumerable.Range(0, clients).Select(_ => new LedgerClient(kind.Open($"{run} many"), state)).ToList();
            long begin = Stopwatch.GetTimestamp();
            var threads = ledgers
                .Select((one, i) => new Thread(() => one.Work([.. all.Where((_, j) => j % clients == i)])))
                .ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            return new LedgerCost
            {
                Ledger = kind.Name,
                Claim = client.Median("claim"),
                LookOver = over / trials,
                LookClaimed = Math.Max(0, both - over) / trials,
                Renew = client.Median("renew"),
                Publish = client.Median("publish"),
                Complete = client.Median("complete"),
                TrialsPerSecond = trials / seconds,
                StateBytes = stateBytes,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Random(int count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}

using System.CommandLine;
using VisionSeqModels.Benchmarks.Compare;

namespace VisionSeqModels.Benchmarks.Workers;

/// <summary>What ledgers cost on this machine, and what that makes of studies with many workers; the prediction for a few is held
/// against such a study.</summary>
internal static class WorkersCommand
{
    private static readonly int[] Few = [1, 2, 4];
    private static readonly int[] Many = [10, 100, 1_000, 3_000, 10_000];
    private const double Gigabit = 1e9 / 8;

    public static Command Create()
    {
        var address = new Option<string?>("--postgres")
        {
            Description =
                "A database to measure too, such as postgres://user@host/database (PGPASSWORD has the password); "
                + "local starts a server for this run",
        };
        var trials = new Option<int>("--trials") { Description = "Trials of the measured study", DefaultValueFactory = _ => 200 };
        var bytes = new Option<int>("--state") { Description = "Bytes of a trial's state", DefaultValueFactory = _ => 760_000 };
        var command = new Command("workers", "Ledgers: cost of a call, and studies of 10 to 10,000 workers by simulation")
        {
            address,
            trials,
            bytes,
        };
        command.SetAction(line =>
        {
            using var server = line.GetValue(address) == "local" ? new LocalServer() : null;
            Run(server?.Address ?? line.GetValue(address), line.GetValue(trials), line.GetValue(bytes));
        });
        return command;
    }

    private static void Run(string? address, int trials, int stateBytes)
    {
        string folder = Directory.CreateTempSubdirectory("visionseq-workers").FullName;
        string run = $"bench-{Guid.NewGuid():n}";
        List<LedgerKind> kinds = [new(folder), .. address is null ? [] : (LedgerKind[])[new(address)]];
        var costs = kinds.ConvertAll(kind => LedgerCost.Measure(kind, run, trials, stateBytes, clients: 4));
        Table.Print([
            [
                Text($"{trials} trials, states of {stateBytes / 1000} KB"),
                "claim ms",
                "look, for a trial that is over, µs",
                "look, for a claimed trial, µs",
                "renew ms",
                "publish ms",
                "complete ms",
                "trials a second, 4 clients",
                "calls at once",
            ],
            .. costs.Select(cost =>
                new[]
                {
                    cost.Ledger,
                    Milliseconds(cost.Claim),
                    Milliseconds(1e3 * cost.LookOver),
                    Milliseconds(1e3 * cost.LookClaimed),
                    Milliseconds(cost.Renew),
                    Milliseconds(cost.Publish),
                    Milliseconds(cost.Complete),
                    Text($"{cost.TrialsPerSecond:f0}"),
                    Text($"{cost.AtOnce:f1}"),
                }
            ),
        ]);
        Compare(kinds, run, costs);
        Predict(costs);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Workers that sleep instead of training, each a process with real claims and states, beside their
    /// prediction.</summary>
    private static void Compare(List<LedgerKind> kinds, string run, List<LedgerCost> costs)
    {
        var load = new StudyLoad(TrialsPerWorker: 3, Epochs: 4, EpochSeconds: 1, Spread: 0, RenewSeconds: 15, 10 * Gigabit);
        Table.Print([
            ["real processes", "workers", "predicted efficiency", "measured"],
            .. kinds
                .Zip(
                    costs,
                    (kind, cost) =>
                        Few.Select(workers =>
                            new[]
                            {
                                kind.Name,
                                Text($"{workers}"),
                                Text($"{new StudySimulation(load, cost, workers).Run().Efficiency:f2}"),
                                Text($"{SleepingStudy.Efficiency(kind, run, load, cost.StateBytes, workers):f2}"),
                            }
                        )
                )
                .SelectMany(rows => rows),
        ]);
    }

    private static void Predict(List<LedgerCost> costs) =>
        Table.Print([
            ["epochs of", "ledger", "link", "progress", .. Many.Select(workers => Text($"{workers:n0} workers"))],
            .. from seconds in new[] { 10.0, 100 }
            from cost in costs
            from link in new (int Gigabits, bool IsShown)[] { (1, false), (10, false), (10, true) }
            select (string[])
                [
                    Text($"{seconds} s"),
                    cost.Ledger,
                    Text($"{link.Gigabits} GbE"),
                    link.IsShown ? "shown" : "not shown",
                    .. Many.Select(workers => Cell(cost, seconds, link.Gigabits, link.IsShown, workers)),
                ],
        ]);

    private static string Cell(LedgerCost cost, double seconds, int gigabits, bool showsProgress, int workers)
    {
        var load = new StudyLoad(8, 10, seconds, 0.1, 15, gigabits * Gigabit, showsProgress);
        var (efficiency, longest) = new StudySimulation(load, cost, workers).Run();
        return Text($"{efficiency:f2} ({longest:f0} s)");
    }

    private static string Milliseconds(double seconds) => Text($"{seconds * 1e3:f2}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

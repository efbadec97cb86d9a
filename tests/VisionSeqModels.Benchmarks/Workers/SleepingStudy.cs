using System.Diagnostics;
using System.Globalization;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Benchmarks.Workers;

/// <summary>A study whose trials sleep, over a real ledger, with a process for each worker.</summary>
internal static class SleepingStudy
{
    private static readonly TimeSpan UntilAllAreThere = TimeSpan.FromSeconds(6);

    /// <summary>The fraction of the workers' time that they slept through as if training.</summary>
    public static double Efficiency(LedgerKind kind, string run, StudyLoad load, int stateBytes, int workers)
    {
        var begin = TimeProvider.System.GetUtcNow() + UntilAllAreThere;
        int trials = workers * load.TrialsPerWorker;
        double[] ends = new double[workers];
        var threads = Enumerable
            .Range(0, workers)
            .Select(i => new Thread(() =>
                ends[i] = double.Parse(
                    Child.Run(
                        "sleeping-run",
                        kind.Place,
                        $"{run} {workers}",
                        trials,
                        load.Epochs,
                        load.EpochSeconds,
                        stateBytes,
                        begin.ToUnixTimeMilliseconds(),
                        i
                    ),
                    CultureInfo.InvariantCulture
                )
            ))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return trials * load.Epochs * load.EpochSeconds / (ends.Max() * workers);
    }

    /// <summary>One worker, from the common beginning on.</summary>
    /// <returns>The seconds from then until there was no trial any more.</returns>
    public static double Work(
        IStudyLedger ledger,
        string[] trials,
        StudyLoad load,
        int stateBytes,
        DateTimeOffset begin,
        int worker
    )
    {
        string folder = Directory.CreateTempSubdirectory("visionseq-sleeping").FullName;
        try
        {
            var request = new ClaimRequest
            {
                Worker = $"worker{worker}",
                Lease = TimeSpan.FromSeconds(load.RenewSeconds * 4),
                Machine = WorkerMachine.Current(1),
            };
            var random = new Random(worker);
            ledger.Trials();
            Thread.Sleep(begin - TimeProvider.System.GetUtcNow());
            long since = Stopwatch.GetTimestamp();
            while (Next(ledger, trials, request) is StudyClaim claim)
            {
                Train(ledger, claim, load, Path.Combine(folder, "state"), new byte[stateBytes], random);
            }

            return Stopwatch.GetElapsedTime(since).TotalSeconds;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>As a study's worker does: it looks at all trials, and claims one after another of those that seem free.</summary>
    private static StudyClaim? Next(IStudyLedger ledger, string[] trials, ClaimRequest request)
    {
        var taken = ledger
            .Trials()
            .Where(trial => trial.Status != LedgerTrialStatus.Released)
            .Select(trial => trial.Trial)
            .ToHashSet(StringComparer.Ordinal);
        return trials
            .Where(trial => !taken.Contains(trial))
            .Select(trial => ledger.Claim([trial], request))
            .FirstOrDefault(claim => claim is not null);
    }

    private static void Train(IStudyLedger ledger, StudyClaim claim, StudyLoad load, string state, byte[] bytes, Random random)
    {
        for (int epoch = 1; epoch <= load.Epochs; epoch++)
        {
            Thread.Sleep(TimeSpan.FromSeconds(load.EpochSeconds));
            random.NextBytes(bytes);
            File.WriteAllBytes(state, bytes);
            var snapshot = new TrialSnapshot
            {
                Position = new TrialPosition { Epoch = epoch, Step = epoch },
                Epochs = [],
                Files = [new TrialFile("checkpoints/last.safetensors", state)],
            };
            if (epoch < load.Epochs)
            {
                ledger.Publish(claim, snapshot);
            }
            else
            {
                ledger.Complete(claim, snapshot);
            }
        }
    }
}

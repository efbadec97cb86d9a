using System.Globalization;
using VisionSeqModels.Studies;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Eight workers in four network namespaces, half of them with wrong clocks, on one study of 24 trials. By a seed,
/// workers are killed, stopped for longer than their lease and woken up, asked to end; hosts are cut off, delayed, and lose
/// packets; the ledger's disk is full, or its server is killed. VISIONSEQ_FAULT_ROUNDS asks for more rounds than the default, 1;
/// VISIONSEQ_FAULT_SEED begins with another seed; VISIONSEQ_FAULT_LOG names a file that each round adds a line to.</summary>
[Collection("Torch")]
public sealed class FaultRoundTests(RoundWorkers workers, ITestOutputHelper output) : IClassFixture<RoundWorkers>
{
    private static readonly int Rounds = Number("VISIONSEQ_FAULT_ROUNDS", 1);
    private static readonly int FirstSeed = Number("VISIONSEQ_FAULT_SEED", 1);

    [FaultRoundFact]
    public void OverAFolder_EachTrialIsCompleteOnce_WithTheBitsOfOneProcess() =>
        Each((seed, root) => new RoundDisk(root), hasNetwork: false);

    [FaultRoundFact(NeedsPostgreSql = true)]
    public void OverADatabase_EachTrialIsCompleteOnce_WithTheBitsOfOneProcess() =>
        Each(
            (seed, root) =>
            {
                Directory.CreateDirectory(root);
                return new RoundDatabase(root, workers.Server, workers.Hosts.Address, NameOf(seed));
            },
            hasNetwork: true
        );

    private void Each(Func<int, string, RoundLedger> open, bool hasNetwork)
    {
        Assert.NotEmpty(workers.Whole);
        Assert.NotEmpty(workers.Slots);
        for (int seed = FirstSeed; seed < FirstSeed + Rounds; seed++)
        {
            string root = Path.Combine(workers.Disk, NameOf(seed));
            using (var ledger = open(seed, root))
            {
                var round = new Round(workers, ledger, NameOf(seed), seed, hasNetwork);
                round.Play();
                Check(ledger, round.History);
                Report($"{(hasNetwork ? "database" : "folder")}, {round.History}");
            }

            Directory.Delete(root, recursive: true);
        }
    }

    private void Check(RoundLedger ledger, string history)
    {
        var logs = ledger.Logs();
        Assert.Equal(RoundWorker.Trials, logs.Count);
        foreach (var (trial, log) in logs)
        {
            Assert.True(!LogCheck.Faults(log).Any(), $"{history}: {trial}: {string.Join("; ", LogCheck.Faults(log))}");
            Assert.True(LogCheck.Count(log, "failed") == 0, $"{history}: {trial} failed");
            Assert.True(LogCheck.Count(log, "completed") == 1, $"{history}: {trial} is not complete once");
        }

        string desk = Path.Combine(ledger.Root, "desk");
        var whole = Study.Open(ledger.Open(), desk);
        Assert.Equal(RoundWorker.Trials, whole.Trials.Count(trial => trial.Outcome == StopReason.Completed));
        Assert.True(workers.Whole.SequenceEqual(LedgerStudy.Hashes(desk)), $"{history}: other bits");
    }

    private void Report(string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("VISIONSEQ_FAULT_LOG") is string log)
        {
            File.AppendAllText(log, line + "\n");
        }
    }

    private static string NameOf(int seed) => string.Create(CultureInfo.InvariantCulture, $"round{seed}");

    private static int Number(string variable, int standard) =>
        int.Parse(
            Environment.GetEnvironmentVariable(variable) ?? standard.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );
}

using System.Diagnostics;
using System.Globalization;
using VisionSeqModels.Studies;
using Xunit.Abstractions;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Processes that run one study over a folder are killed without warning (SIGKILL), stopped for longer than their lease
/// and woken up (SIGSTOP, SIGCONT), and asked to stop (SIGTERM), by a seed. VISIONSEQ_WORKER_ROUNDS asks for more rounds than the
/// default, 1; VISIONSEQ_WORKER_SEED begins with another seed.</summary>
[Collection("Torch")]
public sealed class WorkerKillTests(ITestOutputHelper output)
{
    private const int Workers = 3;
    private const int Pause = 60; // milliseconds in each step
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2); // LedgerStudy's
    private static readonly int Rounds = Number("VISIONSEQ_WORKER_ROUNDS", 1);
    private static readonly int FirstSeed = Number("VISIONSEQ_WORKER_SEED", 1);

    [Fact]
    public void KilledAndSleepingWorkers_LeaveEachTrialCompleteOnce_WithTheBitsOfOneProcess()
    {
        using var folder = new TempFolder();
        LedgerStudy.Run(folder["alone"], LedgerStudy.Alone);
        var whole = LedgerStudy.Hashes(folder["alone"]);
        Assert.NotEmpty(whole);
        for (int seed = FirstSeed; seed < FirstSeed + Rounds; seed++)
        {
            string root = folder[$"seed{seed}"];
            string history = Play(root, seed);
            output.WriteLine(history);
            Check(root, whole, history);
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void TerminatedWorker_PublishesAndReleasesBeforeItEnds()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // it has no SIGTERM
        }

        using var folder = new TempFolder();
        using var worker = Start(folder.Root, "a");
        WaitForEntries(folder["ledger"], "published", 1, [worker]);
        Signal(worker, "TERM");
        string said = worker.StandardOutput.ReadToEnd();
        worker.WaitForExit();
        Assert.Contains(ChildProgram.Done, said, StringComparison.Ordinal);
        var logs = LogCheck.Logs(folder["ledger"]).Values.Where(log => LogCheck.Count(log, "completed") == 0);
        Assert.Equal(1, LogCheck.Count(Assert.Single(logs)[^1..], "released"));
    }

    /// <summary>Three workers with a seed's disturbances; what happened, for the message of a failure.</summary>
    private static string Play(string root, int seed)
    {
        var random = new Random(seed);
        var all = new List<Process>();
        var running = new List<Process>();
        var happened = new List<string> { $"seed {seed}" };
        void Add()
        {
            running.Add(Start(root, $"w{all.Count}"));
            all.Add(running[^1]);
        }

        try
        {
            for (int i = 0; i < Workers; i++)
            {
                Add();
            }

            int published = 0;
            for (int disturbance = 0; disturbance < 4; disturbance++)
            {
                // after further work, so that no trial loses three workers at one place
                if (!WaitForEntries(Path.Combine(root, "ledger"), "published", published + 1, running))
                {
                    break;
                }

                Thread.Sleep(random.Next(400));
                published = Entries(Path.Combine(root, "ledger"), "published");
                running.RemoveAll(process => process.HasExited);
                if (running.Count == 0)
                {
                    break;
                }

                var victim = running[random.Next(running.Count)];
                happened.Add(Disturb(victim, all.IndexOf(victim), random));
                if (victim.HasExited || happened[^1].StartsWith("kill", StringComparison.Ordinal))
                {
                    running.Remove(victim);
                    Add();
                }
            }

            foreach (var process in running)
            {
                string errors = process.StandardError.ReadToEnd();
                process.WaitForExit();
                Assert.True(process.ExitCode == 0, $"{string.Join(", ", happened)}: a worker failed: {errors}");
            }
        }
        finally
        {
            foreach (var process in all)
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }

                process.Dispose();
            }
        }

        return string.Join(", ", happened);
    }

    /// <summary>Kills a worker, or lets it sleep for longer than its lease.</summary>
    private static string Disturb(Process victim, int number, Random random)
    {
        if (random.Next(2) == 0 || OperatingSystem.IsWindows())
        {
            victim.Kill();
            return $"kill w{number}";
        }

        var sleep = Lease + TimeSpan.FromMilliseconds(random.Next(200, 2500));
        Signal(victim, "STOP");
        Thread.Sleep(sleep);
        Signal(victim, "CONT");
        return string.Create(CultureInfo.InvariantCulture, $"stop w{number} for {sleep.TotalSeconds:f1} s");
    }

    private static void Check(string root, SortedDictionary<string, string> whole, string history)
    {
        var logs = LogCheck.Logs(Path.Combine(root, "ledger"));
        Assert.Equal(LedgerStudy.Trials, logs.Count);
        foreach (var (trial, log) in logs)
        {
            Assert.True(!LogCheck.Faults(log).Any(), $"{history}: {trial}: {string.Join("; ", LogCheck.Faults(log))}");
            Assert.True(
                LogCheck.Count(log, "completed") == 1,
                $"{history}: {trial} is complete {LogCheck.Count(log, "completed")} times"
            );
            Assert.True(LogCheck.Count(log, "failed") == 0, $"{history}: {trial} failed");
        }

        var study = Study.Open(new FolderLedger(Path.Combine(root, "ledger")), Path.Combine(root, "desk"));
        Assert.Equal(LedgerStudy.Trials, study.Trials.Count(trial => trial.Outcome == StopReason.Completed));
        Assert.True(whole.SequenceEqual(LedgerStudy.Hashes(Path.Combine(root, "desk"))), $"{history}: other bits");
    }

    private static Process Start(string root, string worker) =>
        ChildProgram.Start(
            LedgerStudy.Command,
            Path.Combine(root, $"of-{worker}"),
            Path.Combine(root, "ledger"),
            worker,
            Pause.ToString(CultureInfo.InvariantCulture)
        );

    private static int Entries(string ledger, string kind) =>
        Directory.Exists(Path.Combine(ledger, "trials")) ? LogCheck.Logs(ledger).Values.Sum(log => LogCheck.Count(log, kind)) : 0;

    /// <summary>False where all workers have ended before.</summary>
    private static bool WaitForEntries(string ledger, string kind, int count, IReadOnlyCollection<Process> workers)
    {
        while (Entries(ledger, kind) < count)
        {
            if (workers.All(worker => worker.HasExited))
            {
                return false;
            }

            Thread.Sleep(20);
        }

        return true;
    }

    private static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static int Number(string variable, int standard) =>
        int.Parse(
            Environment.GetEnvironmentVariable(variable) ?? standard.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );
}

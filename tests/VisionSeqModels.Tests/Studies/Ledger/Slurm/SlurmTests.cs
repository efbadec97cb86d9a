namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>docs/workers/slurm.sh on a real Slurm, with the small study.</summary>
public sealed class SlurmTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>
{
    private const string Pause = "80"; // milliseconds in each step
    private static readonly Lazy<SortedDictionary<string, string>> Whole = new(Alone);

    [SlurmFact]
    public void ArrayOverALedger_WithANodeThatDiesAndOneThatIsDrained_IsRequeued_AndHasTheBitsOfOneProcess()
    {
        using var folder = new TempFolder();
        string shared = folder["shared"],
            ledger = Path.Combine(shared, "ledger");
        string array = cluster.Submit(shared, "0-2", SlurmTask.Command, SlurmTask.OverLedger, Pause);
        cluster.WaitFor(() => Count(ledger, "published") >= 3 && Enumerable.Range(0, 3).All(IsTraining), "nothing was published");

        var killed = cluster.Task(array, 0);
        cluster.KillNode(killed.Node, killed.Job);
        var drained = cluster.Task(array, 1);
        cluster.Control("update", $"nodename={drained.Node}", "state=drain", "reason=service");
        cluster.Control("requeue", $"{array}_1");
        // between two trials it has none to give back, and on a slow machine its lease may be over before
        cluster.WaitFor(
            () => Count(ledger, "released") > 0 || HeardOfItsEnd(1),
            "the task on the drained node neither gave its trial back nor heard that it should end"
        );
        cluster.StartNow(array, 0);
        cluster.StartNow(array, 1);
        for (int task = 0; task < 3; task++)
        {
            cluster.WaitFor(() => cluster.Task(array, task).State == "COMPLETED", $"task {task} did not complete");
        }

        Assert.Equal((1, 1, 0), (Restarts(0), Restarts(1), Restarts(2)));
        Assert.NotEqual(killed.Node, cluster.Task(array, 0).Node);
        Assert.NotEqual(drained.Node, cluster.Task(array, 1).Node);
        foreach (var (trial, log) in LogCheck.Logs(ledger))
        {
            Assert.True(!LogCheck.Faults(log).Any(), $"{trial}: {string.Join("; ", LogCheck.Faults(log))}");
            Assert.Equal((1, 0), (LogCheck.Count(log, "completed"), LogCheck.Count(log, "failed")));
        }

        Assert.Equal(LedgerStudy.Trials, LogCheck.Logs(ledger).Count);
        Assert.All([0, 1, 2], task => Assert.Equal(Whole.Value, LedgerStudy.Hashes(Study(task))));

        string Study(int task) => Path.Combine(shared, $"study-{task}");
        bool IsTraining(int task) => Directory.Exists(Path.Combine(Study(task), "work"));
        bool HeardOfItsEnd(int task) =>
            cluster.Task(array, task).State == "PENDING"
            && File.ReadAllText(Path.Combine(shared, $"worker-{array}_{task}.log")).Contains("SIGTERM", StringComparison.Ordinal);
        int Restarts(int task) => cluster.Task(array, task).Restarts;
    }

    [SlurmFact]
    public void ArrayOfParts_WithATaskThatIsTerminated_SavesItsState_AndResumesWhenRequeued()
    {
        using var folder = new TempFolder();
        string shared = folder["shared"],
            first = Path.Combine(shared, "study-0");
        string array = cluster.Submit(shared, "0-1", SlurmTask.Command, SlurmTask.Parts, Pause);
        cluster.WaitFor(() => Weights(first) > 0, "no trial ended");
        cluster.Signal(array, 0, "TERM");
        cluster.WaitFor(() => cluster.Task(array, 0).State == "FAILED", "the task did not end");
        Assert.Contains("SIGTERM", File.ReadAllText(Path.Combine(shared, $"worker-{array}_0.log")), StringComparison.Ordinal);
        var cut = Studies().Trials.Where(trial => trial.Outcome == StopReason.Cancelled).ToList();
        Assert.True(VisionSeqModels.RunDirectory.CanResume(Path.Combine(first, Assert.Single(cut).Folder)));

        cluster.Control("requeue", $"{array}_0");
        cluster.StartNow(array, 0);
        for (int task = 0; task < 2; task++)
        {
            cluster.WaitFor(() => cluster.Task(array, task).State == "COMPLETED", $"task {task} did not complete");
        }

        Assert.Equal(LedgerStudy.Trials / 2, LedgerStudy.Hashes(first).Keys.DistinctBy(name => name.Split('/')[0]).Count());
        var parts = new[] { 0, 1 }.SelectMany(task => LedgerStudy.Hashes(Path.Combine(shared, $"study-{task}")));
        Assert.Equal(Whole.Value, new(parts.ToDictionary(), StringComparer.Ordinal));

        VisionSeqModels.Studies.Study Studies() => VisionSeqModels.Studies.Study.Open(first);
    }

    /// <summary>The weight files of one process.</summary>
    private static SortedDictionary<string, string> Alone()
    {
        using var folder = new TempFolder();
        LedgerStudy.Run(folder.Root, LedgerStudy.Alone);
        return LedgerStudy.Hashes(folder.Root);
    }

    private static int Count(string ledger, string kind) =>
        Directory.Exists(Path.Combine(ledger, "trials")) ? LogCheck.Logs(ledger).Values.Sum(log => LogCheck.Count(log, kind)) : 0;

    private static int Weights(string study) => Directory.Exists(study) ? LedgerStudy.Hashes(study).Count : 0;
}

using System.Globalization;
using System.Text;
using VisionSeqModels.Core;
using VisionSeqModels.Studies;
using VisionSeqModels.Tests.Studies.Ledger;

namespace VisionSeqModels.Tests.Faults;

/// <summary>Three workers on the ledger of a folder take turns. One of them sleeps beyond its lease and wakes up; another one
/// dies.</summary>
/// <param name="open">Opens the ledger; tests plant bugs in it.</param>
internal sealed class LedgerFaults(Func<string, IStudyLedger>? open = null) : FaultScenario
{
    public const int Epochs = 3;
    public static readonly string[] Trials = ["001_a", "002_b", "003_c"];
    private const int MostTurns = 150;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private readonly Func<string, IStudyLedger> _open = open ?? (folder => new FolderLedger(folder));

    public override string Name => "ledger";

    public override void Run(SimulatedDisk disk)
    {
        disk.Pass(TimeSpan.FromDays(1)); // whoever was killed before has no lease any more
        LedgerFaultWorker[] workers =
        [
            .. Enumerable
                .Range(1, 3)
                .Select(i => new LedgerFaultWorker($"w{i}", disk, () => _open(Path.Combine(disk.Root, "ledger")))
                {
                    ChecksRenewals = true,
                }),
        ];
        for (int turn = 1; !workers.Any(worker => worker.SeesTheEnd); turn++)
        {
            if (turn > MostTurns)
            {
                throw new InvalidOperationException("The trials do not come to an end.");
            }

            bool firstSleeps = turn is > 2 and < 9; // longer than its lease
            bool secondIsDead = turn > 8; // just when it has taken over the first one's trial
            foreach (var worker in workers.Where((_, i) => !(i == 0 && firstSleeps) && !(i == 1 && secondIsDead)))
            {
                worker.Turn();
            }

            disk.Pass(Lease / 5);
        }
    }

    /// <summary>What each trial comes to.</summary>
    public static IReadOnlyList<string> RightEnds { get; } =
    [.. Trials.Select(trial => $"{trial} completed 1 {RightEnd(trial)}")];

    public override IReadOnlyList<string> Result(string folder) => Ends(folder);

    public static IReadOnlyList<string> Ends(string folder) =>
        [
            .. LogCheck
                .Logs(Path.Combine(folder, "ledger"))
                .OrderBy(log => log.Key, StringComparer.Ordinal)
                .Select(log =>
                {
                    Assert.Empty(LogCheck.Faults(log.Value));
                    byte[] result = new FolderLedger(Path.Combine(folder, "ledger")).Read(log.Key, LedgerFaultWorker.FileName)!;
                    int completed = LogCheck.Count(log.Value, "completed");
                    return $"{log.Key} completed {completed} {Encoding.UTF8.GetString(result)}";
                }),
        ];

    /// <summary>An entry that has its number is whole; the last sign of life of a claim may be half.</summary>
    public override IEnumerable<string> HalfFiles(string folder) =>
        FolderResult
            .HalfFiles(folder)
            .Where(file =>
                !file.Contains("/lease-", StringComparison.Ordinal) && !file.StartsWith("ledger/tmp/", StringComparison.Ordinal)
            );

    /// <summary>What a worker publishes it reads without a check: a run's state has a sum of its own.</summary>
    public override bool IsLeftOut(DiskOperation operation, DiskFault fault) =>
        operation.Name.EndsWith(LedgerFaultWorker.FileName, StringComparison.Ordinal)
        && fault is DiskFault.Garbage or DiskFault.CutShort;

    private static string RightEnd(string trial)
    {
        string state = "";
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            state = NextState(trial, state);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Epochs} {state}");
    }

    public static string NextState(string trial, string state) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(trial + state)))[..16];
}

/// <summary>A worker of <see cref="LedgerFaults"/>: what a study's worker does, without training.</summary>
internal sealed class LedgerFaultWorker(string name, SimulatedDisk disk, Func<IStudyLedger> open)
{
    public const string FileName = "state.txt";
    private static readonly WorkerMachine Machine = new()
    {
        Architecture = "X64",
        InstructionSet = "avx2",
        TorchSharp = "1",
        Threads = 1,
    };

    private IStudyLedger? _ledger;
    private StudyClaim? _claim;
    private int _epoch;
    private string _state = "";

    /// <summary>Whether it looks after each renewal if the claim is still the newest: where workers take turns, nobody can
    /// take the
    /// trial over meanwhile.</summary>
    public bool ChecksRenewals { get; init; }

    /// <summary>The claims that it was given.</summary>
    public List<(string Trial, long Token)> Claims { get; } = [];

    /// <summary>Whether it has found all trials completed.</summary>
    public bool SeesTheEnd { get; private set; }

    /// <summary>Does the next thing. What the disk refuses it tries again at its next turn.</summary>
    public void Turn()
    {
        try
        {
            _ledger ??= open();
            if (_claim is null)
            {
                Begin(_ledger);
            }
            else
            {
                Continue(_ledger, _claim);
            }
        }
        catch (StaleClaimException)
        {
            _claim = null;
        }
        catch (IOException)
        {
            // At the next turn.
        }
    }

    private string Folder => Path.Combine(disk.Root, "work", name);

    private void Begin(IStudyLedger ledger)
    {
        var claim = ledger.Claim(
            LedgerFaults.Trials,
            new ClaimRequest
            {
                Worker = name,
                Lease = TimeSpan.FromMinutes(1),
                Machine = Machine,
                MostLostClaims = 100,
            }
        );
        if (claim is null)
        {
            var trials = ledger.Trials();
            SeesTheEnd =
                trials.Count == LedgerFaults.Trials.Length && trials.All(trial => trial.Status == LedgerTrialStatus.Completed);
            return;
        }

        Claims.Add((claim.Trial, claim.Token));
        (_epoch, _state) = (0, "");
        string folder = Path.Combine(Folder, claim.Trial);
        if (ledger.Fetch(claim.Trial, folder))
        {
            string[] parts = File.ReadAllText(Path.Combine(folder, FileName)).Split(' ');
            (_epoch, _state) = (int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
        }

        _claim = claim;
    }

    private void Continue(IStudyLedger ledger, StudyClaim claim)
    {
        ledger.Renew(claim, new TrialPosition { Epoch = _epoch });
        if (ChecksRenewals && NewestToken(claim.Trial) != claim.Token)
        {
            throw new InvalidOperationException($"{name} has renewed the lease of {claim.Trial}, which another worker has.");
        }

        int epoch = _epoch + 1;
        string state = LedgerFaults.NextState(claim.Trial, _state),
            folder = Path.Combine(Folder, claim.Trial),
            path = Path.Combine(folder, FileName);
        AtomicFile.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{epoch} {state}"));
        var snapshot = new TrialSnapshot
        {
            Position = new TrialPosition { Epoch = epoch },
            Epochs = [],
            Files = [new TrialFile(FileName, path)],
        };
        if (epoch < LedgerFaults.Epochs)
        {
            ledger.Publish(claim, snapshot);
        }
        else
        {
            ledger.Complete(claim, snapshot);
            _claim = null;
        }

        (_epoch, _state) = (epoch, state);
        disk.Promise(
            string.Create(CultureInfo.InvariantCulture, $"epoch {epoch} of {claim.Trial}"),
            root => SavedEpoch(root, claim.Trial) >= epoch
        );
    }

    /// <summary>By the bare files.</summary>
    private long NewestToken(string trial) =>
        LogCheck
            .Logs(Path.Combine(disk.Root, "ledger"))[trial]
            .Select(entry => System.Text.Json.Nodes.JsonNode.Parse(entry)!)
            .Where(entry => (string?)entry["kind"] == "claimed")
            .Max(entry => (long)entry["token"]!);

    private static int SavedEpoch(string root, string trial)
    {
        byte[]? saved = new FolderLedger(Path.Combine(root, "ledger")).Read(trial, FileName);
        return saved is null ? 0 : int.Parse(Encoding.UTF8.GetString(saved).Split(' ')[0], CultureInfo.InvariantCulture);
    }
}

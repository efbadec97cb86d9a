using VisionSeqModels.Studies;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Successive halving and searches by three workers over a ledger: what they choose depends on time, but never a trial's
/// bits; and the report says who ran what, in which order.</summary>
[Collection("Torch")]
public sealed class SharedSearchTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IDisposable
{
    private const int Workers = 3;
    private readonly TempFolder _folder = new();
    private readonly List<IDisposable> _opened = [];

    public static TheoryData<string> Kinds => ["halving", "random with halving", "tpe", "random search"];

    public void Dispose()
    {
        _opened.ForEach(ledger => ledger.Dispose());
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OverAFolder_EveryEpochHasTheBitsOfTheSameSettingTrainedAlone(string kind) =>
        Check(kind, () => new FolderLedger(_folder["ledger"]));

    [PostgreSqlTheory]
    [MemberData(nameof(Kinds))]
    public void OverADatabase_EveryEpochHasTheBitsOfTheSameSettingTrainedAlone(string kind)
    {
        var options = new PostgreSqlLedgerOptions { Schema = PostgreSqlServer.NewSchema() };
        Check(
            kind,
            () =>
            {
                var ledger = new PostgreSqlLedger(server.DataSource, "study", options);
                lock (_opened)
                {
                    _opened.Add(ledger);
                }

                return ledger;
            }
        );
    }

    private void Check(string kind, Func<IStudyLedger> open)
    {
        var search = new SearchScenario(kind);
        using var meeting = new Barrier(Workers);
        var failures = new Exception?[Workers];
        Thread[] workers =
        [
            .. Enumerable
                .Range(0, Workers)
                .Select(i => new Thread(() =>
                {
                    meeting.SignalAndWait();
                    failures[i] = Record.Exception(() => search.Run(_folder[$"worker{i}"], open(), $"w{i}"));
                })),
        ];
        Array.ForEach(workers, thread => thread.Start());
        Array.ForEach(workers, thread => thread.Join());
        Assert.All(failures, Assert.Null);

        var study = Study.Open(open(), _folder["desk"]);
        Assert.Equal(search.Trials, study.Trials.Count);
        Assert.All(study.Trials, trial => Assert.NotNull(trial.Score));
        using var threads = new ThreadCount(1);
        Assert.All(study.Trials, trial => CheckBits(search, trial));
        CheckClaims(search, study);
    }

    private static void CheckBits(SearchScenario search, TrialResult trial)
    {
        var alone = SearchScenario.Alone(trial);
        Assert.Equal(trial.Final!.Epoch, alone.Count);
        Assert.All(alone, epoch => Assert.Equal([epoch.Value], search.Hashes(trial, epoch.Key)));
    }

    private void CheckClaims(SearchScenario search, Study study)
    {
        var claims = study
            .Trials.SelectMany(trial => trial.Claims.Select(claim => (Trial: trial, Claim: claim)))
            .OrderBy(entry => entry.Claim.Time)
            .ThenBy(entry => entry.Trial.Folder, StringComparer.Ordinal)
            .ThenBy(entry => entry.Claim.Token)
            .ToList();
        Assert.True(claims.Select(entry => entry.Claim.Worker).Distinct().Count() > 1);
        Assert.Equal([WorkerMachine.Current(1)], claims.Select(entry => entry.Claim.Machine).Distinct());
        Assert.All(
            study.Trials,
            trial => Assert.Equal(search.UntilOf(trial.Final!.Epoch), trial.Claims.Select(claim => claim.UntilEpoch))
        );

        study.WriteReport();
        var lines = WorkerLines();
        Assert.Equal(claims.Select(entry => entry.Claim.Worker), lines.Select(line => line[3]));
        Assert.Equal(
            claims
                .Where(entry => entry.Claim != entry.Trial.Claims[0])
                .Select(entry => $"promoted to epoch {entry.Claim.UntilEpoch ?? SearchScenario.Epochs}"),
            lines.Select(line => line[^1]).Where(what => what.StartsWith("promoted", StringComparison.Ordinal))
        );
        Assert.Equal(search.IsHalving, lines.Exists(line => line[^1] == $"promoted to epoch {SearchScenario.Epochs}"));
        Assert.Contains("<h2>Workers</h2>", File.ReadAllText(_folder["desk/report.html"]), StringComparison.Ordinal);

        // The folder alone says the same, when the ledger is gone.
        File.Delete(_folder["desk/report.md"]);
        Study.Open(_folder["desk"]).WriteReport();
        Assert.Equal(lines, WorkerLines());
    }

    /// <summary>The cells of the table in the report.</summary>
    private List<string[]> WorkerLines() =>
        [
            .. File.ReadAllLines(_folder["desk/report.md"])
                .SkipWhile(line => line != "## Workers")
                .TakeWhile(line => line.Length == 0 || line[0] != '#' || line == "## Workers")
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
                .Skip(2) // the columns
                .Select(line => line.Trim('|', ' ').Split(" | ")),
        ];
}

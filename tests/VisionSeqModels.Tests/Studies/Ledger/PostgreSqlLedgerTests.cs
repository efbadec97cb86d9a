using System.Reflection;
using System.Text;
using Npgsql;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>A ledger in a real server, which the tests start.</summary>
public sealed class PostgreSqlLedgerTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IDisposable
{
    private readonly string _schema = PostgreSqlServer.NewSchema();
    private readonly TempFolder _folder = new();
    private readonly List<IDisposable> _opened = [];

    /// <summary>The contract's methods, each with each of its cases.</summary>
    public static TheoryData<string, object[]> Promises
    {
        get
        {
            var promises = new TheoryData<string, object[]>();
            foreach (var method in typeof(LedgerContractTests).GetMethods())
            {
                if (method.GetCustomAttribute<TheoryAttribute>() is not null)
                {
                    foreach (var cases in method.GetCustomAttributes<InlineDataAttribute>())
                    {
                        promises.Add(method.Name, cases.GetData(method).Single());
                    }
                }
                else if (method.GetCustomAttribute<FactAttribute>() is not null)
                {
                    promises.Add(method.Name, []);
                }
            }

            return promises;
        }
    }

    [PostgreSqlTheory]
    [MemberData(nameof(Promises))]
    public async Task ADatabase_KeepsWhatEveryLedgerPromises(string promise, object[] values)
    {
        using var contract = new PostgreSqlContract(server);
        var method = typeof(LedgerContractTests).GetMethod(promise)!;
        if (method.Invoke(contract, BindingFlags.DoNotWrapExceptions, null, values, null) is Task task)
        {
            await task;
        }
    }

    [PostgreSqlFact]
    public void Metrics_AreRowsThatSqlReads()
    {
        var ledger = Open();
        var claim = ledger.Claim(["a"], Request("one", TimeSpan.FromMinutes(1)))!;
        ledger.Publish(claim, Snapshot(3, "3"));
        ledger.Publish(claim, Snapshot(2, "2")); // a trial that was resumed from an earlier state

        using var command = server.DataSource.CreateCommand(
            $"SELECT string_agg(epoch || ' ' || name || ' ' || value, ', ' ORDER BY epoch, name) FROM {_schema}.metrics"
        );
        Assert.Equal("1 test_loss NaN, 1 train_loss 1, 2 test_loss NaN, 2 train_loss 0.5", command.ExecuteScalar());
    }

    [PostgreSqlFact]
    public void TheHistory_HasEveryAcceptedWrite_WithTheNewestTokenOfItsTime()
    {
        var ledger = Open();
        for (int i = 0; i < 3; i++)
        {
            var claim = ledger.Claim(["a"], Request($"worker{i}", TimeSpan.FromMinutes(1)))!;
            ledger.Publish(claim, Snapshot(1, $"{i}"));
            ledger.Release(claim, null, null);
        }

        using var command = server.DataSource.CreateCommand(
            $"SELECT string_agg(version || kind || token, ' ' ORDER BY version) FROM {_schema}.writes"
        );
        Assert.Equal(
            "1claimed1 2published1 3released1 4claimed2 5published2 6released2 7claimed3 8published3 9released3",
            command.ExecuteScalar()
        );
    }

    [PostgreSqlFact]
    public void AServerThatIsKilledAndStartedAgain_LosesNothing_AndIsFoundAgain()
    {
        var ledger = Open();
        var claim = ledger.Claim(["a"], Request("one", TimeSpan.FromMinutes(5)))!;
        ledger.Publish(claim, Snapshot(1, "1"));
        server.Kill();
        var writing = Task.Run(() => ledger.Publish(claim, Snapshot(2, "2")));
        Thread.Sleep(700);
        Assert.False(writing.IsCompleted);
        server.Start();
        Assert.True(writing.Wait(TimeSpan.FromSeconds(60)));
        Assert.Equal("2", Text(ledger.Read("a", "run.json")));
    }

    [PostgreSqlFact]
    public void AServerThatStaysAway_IsAnIOException_WithoutSecrets()
    {
        var ledger = Open(server.DataSource, "study", TimeSpan.FromMilliseconds(300));
        server.Kill();
        try
        {
            var e = Assert.Throws<IOException>(() => ledger.ReadRecord());
            Assert.Contains("the study 'study' in PostgreSQL", e.Message);
            Assert.DoesNotContain(PostgreSqlServer.Password, e.ToString());
        }
        finally
        {
            server.Start();
        }
    }

    [PostgreSqlFact]
    public void AWorkerThatIsAskedToStop_DoesNotWaitForAServerThatIsAway()
    {
        var ledger = Open(server.DataSource, "study", TimeSpan.FromHours(1));
        using var stop = new CancellationTokenSource();
        using var tie = ledger.LimitWaits(stop.Token);
        server.Kill();
        try
        {
            var waiting = Task.Run(() => Assert.Throws<IOException>(() => ledger.ReadRecord()));
            Thread.Sleep(700);
            Assert.False(waiting.IsCompleted);
            stop.Cancel();
            Assert.True(waiting.Wait(TimeSpan.FromMinutes(1)));
            Assert.Throws<IOException>(() => ledger.Trials()); // as do calls that come later
        }
        finally
        {
            server.Start();
        }

        Assert.Null(OnceItAnswers(ledger.ReadRecord)); // it is asked again
    }

    /// <summary>The server has just started, and this machine may be busy.</summary>
    private static T OnceItAnswers<T>(Func<T> ask)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return ask();
            }
            catch (IOException) when (attempt < 10)
            {
                // not yet
            }
        }
    }

    [PostgreSqlFact]
    public void AWorkersRole_NeedsOnlyRightsOnTheRows()
    {
        Open().Claim(["a"], Request("owner", TimeSpan.FromMinutes(1)));
        server.Execute(
            $"""
            CREATE ROLE {_schema}_worker LOGIN PASSWORD '{PostgreSqlServer.Password}';
            GRANT USAGE ON SCHEMA {_schema} TO {_schema}_worker;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {_schema} TO {_schema}_worker;
            """
        );
        using var source = server.Source($"{_schema}_worker");
        var ledger = Open(source, "study");
        var claim = ledger.Claim(["a", "b"], Request("worker", TimeSpan.FromMinutes(1)))!;
        ledger.Complete(claim, Snapshot(2, "2"));

        Assert.Equal("b", claim.Trial);
        Assert.True(ledger.TryWriteRecord("{}", 0));
    }

    [PostgreSqlFact]
    public void ATrialsRow_IsAddedOnce_AndAgainWhereItWasRemoved()
    {
        var ledger = Open();
        ledger.Release(ledger.Claim(["a", "b"], Request("one", TimeSpan.FromMinutes(1)))!, null, null);
        server.Execute($"CREATE RULE none AS ON INSERT TO {_schema}.trials DO INSTEAD NOTHING");
        Assert.Equal("a", ledger.Claim(["a", "b"], Request("two", TimeSpan.FromMinutes(1)))!.Trial);
        Assert.Equal("b", ledger.Claim(["a", "b"], Request("two", TimeSpan.FromMinutes(1)))!.Trial);

        server.Execute($"DROP RULE none ON {_schema}.trials; DELETE FROM {_schema}.trials WHERE trial = 'b'");
        Assert.Equal("b", ledger.Claim(["b"], Request("three", TimeSpan.FromMinutes(1)))!.Trial);
        Assert.Null(ledger.Claim(["a", "b"], Request("four", TimeSpan.FromMinutes(1))));
    }

    [PostgreSqlFact]
    public void TablesOfTheFirstVersion_GetTheNewColumn_AndKeepTheirRows()
    {
        Open().Release(Open().Claim(["a"], Request("one", TimeSpan.FromMinutes(1)))!, null, null);
        server.Execute($"ALTER TABLE {_schema}.writes DROP COLUMN until_epoch; UPDATE {_schema}.version SET version = 1");
        var ledger = Open();
        ledger.Claim(["a"], Request("two", TimeSpan.FromMinutes(1)) with { UntilEpoch = 3 });
        Assert.Equal(
            [("one", null), ("two", (int?)3)],
            Assert.Single(ledger.Trials()).Claims.Select(claim => (claim.Worker, claim.UntilEpoch))
        );
    }

    [PostgreSqlFact]
    public void ARoleWithoutRights_IsToldWhatToDo()
    {
        server.Execute($"CREATE ROLE {_schema}_none LOGIN PASSWORD '{PostgreSqlServer.Password}'");
        using var source = server.Source($"{_schema}_none");
        var e = Assert.Throws<IOException>(() => Open(source, "study"));
        Assert.Contains("docs/workers.md", e.Message);
    }

    [PostgreSqlFact]
    public void TablesOfANewerVersion_AreRefused()
    {
        Open();
        server.Execute($"UPDATE {_schema}.version SET version = 99");
        var e = Assert.Throws<InvalidDataException>(() => Open());
        Assert.Contains("version 99", e.Message);
    }

    [PostgreSqlFact]
    public void EightProcessesThatBeginAtOnce_MakeTheTablesOnce()
    {
        var tasks = Enumerable.Range(0, 8).Select(_ => Task.Run(() => Open().Trials().Count)).ToArray();
        Task.WaitAll(tasks);
        Assert.All(tasks, task => Assert.Equal(0, task.Result));
    }

    public void Dispose()
    {
        _opened.ForEach(ledger => ledger.Dispose());
        _folder.Dispose();
    }

    private PostgreSqlLedger Open() => Open(server.DataSource, "study");

    private static ClaimRequest Request(string worker, TimeSpan lease) =>
        new()
        {
            Worker = worker,
            Lease = lease,
            Machine = WorkerMachine.Current(1),
        };

    private TrialSnapshot Snapshot(int epoch, string text)
    {
        string path = _folder[$"{Guid.NewGuid():n}"];
        File.WriteAllText(path, text);
        return new TrialSnapshot
        {
            Position = new TrialPosition { Epoch = epoch, Step = epoch },
            Epochs =
            [
                .. Enumerable
                    .Range(1, epoch)
                    .Select(i => new EpochRecord
                    {
                        Epoch = i,
                        Metrics = new Dictionary<string, double> { ["train_loss"] = 1.0 / i, ["test_loss"] = double.NaN },
                        LearningRate = 0.1,
                        Seconds = 1,
                        SamplesPerSecond = 1,
                        Steps = 1,
                        Samples = 1,
                    }),
            ],
            Files = [new TrialFile("run.json", path)],
        };
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private PostgreSqlLedger Open(NpgsqlDataSource source, string study, TimeSpan? patience = null)
    {
        var ledger = new PostgreSqlLedger(
            source,
            study,
            new PostgreSqlLedgerOptions { Schema = _schema, RetryFor = patience ?? TimeSpan.FromSeconds(60) }
        );
        lock (_opened)
        {
            _opened.Add(ledger);
        }

        return ledger;
    }
}

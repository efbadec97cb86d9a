using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a study over a ledger does where another worker comes between, of trials that fail before they
/// train.</summary>
[Collection("Torch")]
public sealed class WorkersStudyTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ClockedStore _store = new();
    private readonly LogLedger _ledger;
    private readonly List<StudyProgress> _heard = [];

    public WorkersStudyTests() => _ledger = new LogLedger(_store);

    public void Dispose() => _folder.Dispose();

    private IEnumerable<string> Said =>
        _heard.Where(one => one.Worker is null).Select(one => $"{one.Trial} {one.Setting} {one.Event}");

    [Fact]
    public void LostTrial_IsLogged_AndAnothersReasonStays()
    {
        StudyClaim? theirs = null;
        var logger = new ListLogger();
        var options = Mine(report =>
        {
            if (report.Event == TrialEvent.Started)
            {
                _store.Now += TimeSpan.FromMinutes(2); // this worker was late
                theirs = Claim("001_a_seed1");
            }

            if (report.Event == TrialEvent.Lost)
            {
                _ledger.Fail(theirs!, "broken there", null);
            }
        });
        var study = FailingStudy.Run(_folder["s"], FailingStudy.List("a"), options, logger: logger);
        var lost = Assert.Single(_heard, one => one.Event == TrialEvent.Lost);
        Assert.Equal("other", lost.Worker);
        Assert.Contains(lost.Reason, logger.Warnings);
        Assert.Equal("broken there", Assert.Single(study.Trials).Reason);
    }

    [Fact]
    public void TrialThatAnotherRanWithOtherOptions_IsRefused()
    {
        FailingStudy.Run(_folder["s"], FailingStudy.List("a"), Mine(), cancellationToken: new CancellationToken(true));
        MadeUpTrials.RunOf().Write(_folder["run.json"]);
        _ledger.Complete(
            Claim("001_a_seed1"),
            new TrialSnapshot
            {
                Position = new TrialPosition(),
                Epochs = [],
                Files = [new TrialFile("run.json", _folder["run.json"]), new TrialFile("trial.json", "{}")],
            }
        );
        Assert.Contains(
            " was run with other options than the study's function builds now: it cannot be built: no model.",
            Assert
                .Throws<InvalidOperationException>(() => FailingStudy.Run(_folder["new"], FailingStudy.List("a"), Mine()))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void SettingThatAnotherWorkerAdds_IsInTheStudyAtTheEnd()
    {
        var options = Mine(report =>
        {
            if (report.Event == TrialEvent.Started)
            {
                FailingStudy.Run(
                    _folder["other"],
                    FailingStudy.List("a", "b"),
                    Theirs,
                    cancellationToken: new CancellationToken(true)
                );
            }
        });
        var study = FailingStudy.Run(_folder["s"], FailingStudy.List("a"), options);
        Assert.Equal(
            [("a", StopReason.Failed), ("b", StopReason.Running)],
            study.Trials.Select(trial => (trial.Setting, trial.Outcome))
        );
    }

    [Fact]
    public void WorkerThatBeginsTheStudyMeanwhile_IsFollowed()
    {
        StudyTrial? first = null;
        bool? wasDisposed = null;
        _store.Meanwhile = () => FailingStudy.Run(_folder["other"], FailingStudy.List("a"), Theirs);
        StudyTrial Make(int setting)
        {
            if (first is null)
            {
                return first = new StudyTrial
                {
                    Model = TinyModel.Create(),
                    Options = new TrainerOptions { Epochs = 1 },
                };
            }

            wasDisposed = first.Model.parameters().All(parameter => parameter.IsInvalid);
            throw new InvalidOperationException("none here");
        }

        var study = FailingStudy.Run(_folder["s"], FailingStudy.List("a", "b"), Mine(), Make);
        Assert.Equal(["1 a DoneBefore", "2 b Started", "2 b Ended"], Said);
        Assert.Equal(["no model", "none here"], study.Trials.Select(trial => trial.Reason));
        Assert.True(wasDisposed); // what was built for the beginning that did not come about
    }

    [Theory]
    [InlineData(false)] // while a trial runs
    [InlineData(true)] // while the next setting is taken in
    public void SettingThatAnotherWorkerSearches_IsTakenIn(bool meanwhile)
    {
        var plan = StudyPlan.From(0).Vary("x", [0, 1, 2, 3], (_, value) => value).Search(3, 5, () => new Ascending());
        void Search()
        {
            using var stop = new CancellationTokenSource();
            var options = Theirs with
            {
                Progress = FailingStudy.Hear(
                    [],
                    report =>
                    {
                        if (report is { Event: TrialEvent.Ended, Worker: null })
                        {
                            stop.Cancel();
                        }
                    }
                ),
            };
            FailingStudy.Run(_folder["other"], plan, options, cancellationToken: stop.Token);
        }

        var mine = Mine(report =>
        {
            if (!meanwhile && report is { Event: TrialEvent.Started, Trial: 1 })
            {
                Search();
            }
            else if (meanwhile && report is { Event: TrialEvent.Ended, Trial: 1 })
            {
                _store.Meanwhile = Search;
            }
        });
        var study = FailingStudy.Run(_folder["s"], plan, mine);
        Assert.Equal(["1 x 0 Started", "1 x 0 Ended", "3 x 2 Started", "3 x 2 Ended"], Said);
        Assert.Equal(["x 0", "x 1", "x 2"], study.Trials.Select(trial => trial.Setting));
        Assert.Equal(["me", "other", "me"], study.Trials.Select(trial => Assert.Single(trial.Claims).Worker));
    }

    [Fact]
    public void Halving_TakesTrialsWhoseWorkerIsSilent()
    {
        Claim("001_a_seed1");
        _store.Now += TimeSpan.FromMinutes(2);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30)); // nobody waits for them for ever
        var options = Mine() with { Halving = new SuccessiveHalvingOptions { MaximumEpochs = 3 } };
        var study = FailingStudy.Run(_folder["s"], FailingStudy.List("a"), options, cancellationToken: stop.Token);
        Assert.Equal(["other", "me"], Assert.Single(study.Trials).Claims.Select(claim => claim.Worker));
        Assert.Equal("no model", study.Trials[0].Reason);
    }

    [Fact]
    public void TrialOfNoPlan_IsNotHeardOf()
    {
        var options = Mine(report =>
        {
            if (report.Event == TrialEvent.Started)
            {
                _ledger.Fail(Claim("009_z"), "broken there", null);
            }
        });
        FailingStudy.Run(_folder["s"], FailingStudy.List("a"), options);
        Assert.Equal(["1 a Started", "1 a Ended"], Said);
        Assert.DoesNotContain(_heard, one => one.Worker is not null);
    }

    private StudyOptions Mine(Action<StudyProgress>? act = null) =>
        new()
        {
            Ledger = _ledger,
            Worker = "me",
            Progress = FailingStudy.Hear(_heard, act),
        };

    private StudyOptions Theirs => new() { Ledger = _ledger, Worker = "other" };

    private StudyClaim Claim(string trial) =>
        _ledger.Claim(
            [trial],
            new ClaimRequest
            {
                Worker = "other",
                Lease = TimeSpan.FromMinutes(1),
                Machine = MadeUpMachine.Any,
            }
        )!;

    private sealed class Ascending : IStudySampler
    {
        private int _next;

        public IReadOnlyList<double> Ask(IReadOnlyList<StudyDimension> space, Random random) => [_next++];

        public void Tell(IReadOnlyList<double> point, double? score) { }
    }
}

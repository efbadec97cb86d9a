using CsCheck;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Studies;

[Collection("Torch")]
public sealed class SuccessiveHalvingTests
{
    private static readonly SuccessiveHalvingOptions Nine = new() { MaximumEpochs = 9 };

    [Theory]
    [InlineData(1, 3, 27, "1, 3, 9, 27")]
    [InlineData(2, 4, 10, "2, 8, 10")]
    [InlineData(5, 2, 5, "5")]
    public void Rungs_AreThoseOfTheReductionFactor(int min, int factor, int max, string rungs) =>
        Assert.Equal(
            rungs,
            string.Join(
                ", ",
                new SuccessiveHalvingOptions
                {
                    MinimumEpochs = min,
                    ReductionFactor = factor,
                    MaximumEpochs = max,
                }.Rungs()
            )
        );

    /// <summary>Worked by hand: nine trials, the earlier the better, one at a time.</summary>
    [Fact]
    public void OneAtATime_GoesAsByHand()
    {
        var order = Play(Nine, [.. Enumerable.Range(1, 9).Select(i => (double)-i)], atOnce: 1, new Random(1));
        Assert.Equal(
            "1→1 2→1 3→1 1→3 4→1 5→1 6→1 2→3 7→1 8→1 9→1 3→3 1→9",
            string.Join(' ', order.Select(step => $"{step.Trial}→{step.Epochs}"))
        );
    }

    /// <summary>Whatever the metrics, failures and the order in which trials end.</summary>
    [Fact]
    public void Anything_KeepsTheRules() =>
        Gen.Select(
                Gen.Int[1, 3],
                Gen.Int[2, 4],
                Gen.Int[1, 30],
                Gen.Double[-1, 1].Array[1, 40],
                Gen.Int[1, 4],
                Gen.Int[0, 1000],
                Gen.Int[1, 200].Nullable()
            )
            .Sample(
                (min, factor, max, values, atOnce, seed, budget) =>
                {
                    var options = new SuccessiveHalvingOptions
                    {
                        MinimumEpochs = min,
                        ReductionFactor = factor,
                        MaximumEpochs = Math.Max(min, max),
                        MaximumTotalEpochs = budget < min ? null : budget,
                    };
                    var random = new Random(seed);
                    double[] scores = [.. values.Select(value => random.Next(6) == 0 ? double.NaN : value)];
                    var steps = Play(options, scores, atOnce, new Random(seed));
                    var rungs = options.Rungs();
                    Assert.True(steps.Sum(step => step.Epochs - step.From) <= (options.MaximumTotalEpochs ?? int.MaxValue));
                    Assert.All(
                        steps.GroupBy(step => step.Trial),
                        trial => Assert.Equal(rungs.Take(trial.Count()), trial.Select(step => step.Epochs))
                    ); // rung after rung, none left out, none twice
                    if (options.MaximumTotalEpochs is null)
                    {
                        Assert.Equal(scores.Length, steps.Select(step => step.Trial).Distinct().Count());
                        Assert.Equal(
                            scores.Any(double.IsFinite),
                            steps.Any(step => step.Epochs == rungs[^1] && double.IsFinite(scores[step.Trial - 1]))
                        );
                    }
                },
                iter: 2000
            );

    [Fact]
    public void Study_StopsMostTrialsEarly_AndSaysSo()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        var study = Run(folder["study"], data, Nine);
        Assert.Equal(9, study.Trials.Count);
        int[] epochs = [.. study.Trials.Select(row => row.Final!.Epoch)];
        Assert.Contains(9, epochs);
        Assert.Contains(1, epochs);
        Assert.True(epochs.Sum() < 9 * 9 / 2, $"{epochs.Sum()} epochs");
        Assert.All(
            study.Trials,
            row =>
                Assert.Equal(
                    row.Final!.Epoch == 9
                        ? (StopReason.Completed, null)
                        : (StopReason.StoppedEarly, $"successive halving, after epoch {row.Final.Epoch} of 9"),
                    (row.Outcome, row.Reason)
                )
        );

        Assert.All(
            ["\"max_epochs\": 9", "\"min_epochs\": 1", "\"max_total_epochs\": null"],
            key => Assert.Contains(key, File.ReadAllText(folder["study/study.json"]), StringComparison.Ordinal)
        );

        // A trial in pieces is the trial in one piece.
        using var alone = TinyModel.Create();
        int best = Array.IndexOf(epochs, 9);
        var history = new Trainer(Make(Plan.Settings[best].Value).Options with { Epochs = 9, Seed = 1 }).Fit(alone, data, data);
        Assert.Equal(history["test_loss"], study.Trials[best].History!["test_loss"]);
        study.WriteReport();
        Assert.Contains(
            "successive halving, after epoch 1 of 9",
            File.ReadAllText(folder["study/report.md"]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void StoppedAnywhere_ItResumesToTheSameEnd()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        var whole = Run(folder["whole"], data, Nine);
        for (int stop = 1; stop <= 20; stop += 3)
        {
            using var source = new CancellationTokenSource();
            int steps = 0;
            Run(
                folder[$"parts{stop}"],
                data,
                Nine,
                new TracingEveryStep(() => _ = ++steps == stop * 3 ? Cancel(source) : 0),
                source.Token
            );
            var parts = Run(folder[$"parts{stop}"], data, Nine);
            Assert.Equal(Metrics(whole), Metrics(parts));
        }
    }

    /// <summary>Without data that is held out nothing comes after the last step that the cancellation could stop.</summary>
    [Fact]
    public void CancelledInItsLastStep_ItEndsTheNextTime()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var stop = new CancellationTokenSource();
        TrialResult Once() =>
            Assert.Single(
                Study
                    .Run(
                        folder["study"],
                        StudyPlan.List(("a", 0.1)),
                        (rate, _) =>
                            Make(rate) with
                            {
                                Callbacks = [new TracingCallback([]) { At = "StepEnd 8", Act = _ => stop.Cancel() }],
                            },
                        new FitData { Train = data },
                        new StudyOptions
                        {
                            Halving = new SuccessiveHalvingOptions { MinimumEpochs = 2, MaximumEpochs = 2 },
                        },
                        cancellationToken: stop.IsCancellationRequested ? default : stop.Token
                    )
                    .Trials
            );
        var cancelled = Once();
        Assert.Equal((StopReason.Cancelled, 2), (cancelled.Outcome, cancelled.Final!.Epoch));
        var ended = Once();
        Assert.Equal((StopReason.Completed, 2), (ended.Outcome, ended.Final!.Epoch));
        Assert.Equal(ended.Final["train_accuracy"], ended.Score);
    }

    [Fact]
    public void Budget_IsKept_AndMayBeRaised()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        var study = Run(folder["study"], data, Nine with { MaximumTotalEpochs = 8 });
        Assert.Equal(8, study.Trials.Sum(row => row.Final?.Epoch ?? 0));
        Assert.Contains(study.Trials, row => row.Outcome == StopReason.Running);
        Assert.All(Run(folder["study"], data, Nine).Trials, row => Assert.NotEqual(StopReason.Running, row.Outcome));
    }

    [Fact]
    public void Options_ReportAllTheirFaults()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        var error = Assert.Throws<InvalidOptionsException>(() =>
            Run(
                folder["study"],
                data,
                new SuccessiveHalvingOptions
                {
                    MinimumEpochs = 0,
                    MaximumEpochs = 0,
                    ReductionFactor = 1,
                    MaximumTotalEpochs = -1,
                }
            )
        );
        Assert.Equal(
            ["Halving.MinimumEpochs", "Halving.MaximumEpochs", "Halving.ReductionFactor", "Halving.MaximumTotalEpochs"],
            error.Faults.Select(fault => fault.Split(' ')[0])
        );
    }

    private static readonly StudyPlan<double> Plan = StudyPlan
        .From(0.1)
        .VaryLogUniform("learning rate", 1e-3, 10, (_, value) => value)
        .Random(9, seed: 3);

    private static int Cancel(CancellationTokenSource source)
    {
        source.Cancel();
        return 0;
    }

    private static string Metrics(Study study) =>
        string.Join(
            '\n',
            study.Trials.Select(row => $"{row.Setting} {row.Outcome} {string.Join(' ', row.History?["test_loss"] ?? [])}")
        );

    private static Study Run(
        string folder,
        TinyData data,
        SuccessiveHalvingOptions halving,
        Callback? callback = null,
        CancellationToken cancellationToken = default
    ) =>
        Study.Run(
            folder,
            Plan,
            (rate, _) => Make(rate) with { Callbacks = callback is null ? [] : [callback] },
            new FitData { Train = data, Test = data },
            new StudyOptions { Halving = halving },
            cancellationToken: cancellationToken
        );

    private static StudyTrial Make(double rate) =>
        new()
        {
            Model = TinyModel.Create(),
            Options = new TrainerOptions
            {
                BatchSize = 16,
                Device = "cpu",
                Optimizer = new SgdOptions { LearningRate = rate },
            },
        };

    /// <summary>Plays trials whose metric is always the same; NaN fails. Those under way end in any order.</summary>
    private static List<(int Trial, int From, int Epochs)> Play(
        SuccessiveHalvingOptions options,
        double[] scores,
        int atOnce,
        Random random
    )
    {
        List<TrialJob> jobs =
        [
            .. scores.Select((_, i) => new TrialJob(i + 1, new StudyFile.Entry($"{i}", new Dictionary<string, string>(), 1, ""))),
        ];
        var study = new StudyFile
        {
            Question = "",
            Monitor = "f",
            HigherIsBetter = true,
            Trials = [],
        };
        var schedule = new SuccessiveHalving(options, jobs, study, _ => null);
        var steps = new List<(int Trial, int From, int Epochs)>();
        var done = new int[scores.Length];
        var underWay = new List<TrialJob>();
        while (true)
        {
            while (underWay.Count < atOnce && schedule.Next() is TrialJob job)
            {
                int epochs = job.UntilEpoch ?? options.MaximumEpochs;
                steps.Add((job.Number, done[job.Number - 1], epochs));
                underWay.Add(job);
            }

            if (underWay.Count == 0)
            {
                return steps;
            }

            var ended = underWay[random.Next(underWay.Count)];
            underWay.Remove(ended);
            double score = scores[ended.Number - 1];
            int until = ended.UntilEpoch ?? options.MaximumEpochs;
            done[ended.Number - 1] = until;
            schedule.Ended(
                ended,
                History(until, score, ended.UntilEpoch is null ? StopReason.Completed : StopReason.Cancelled),
                failed: double.IsNaN(score)
            );
        }
    }

    private static TrainingHistory History(int epochs, double score, StopReason reason)
    {
        var history = new TrainingHistory { StopReason = reason };
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            history.Add(Epoch.Of(epoch, "f", score));
        }

        return history;
    }

    private sealed class TracingEveryStep(Action act) : Callback
    {
        public override void OnStepEnd(StepEndEvent e) => act();
    }
}

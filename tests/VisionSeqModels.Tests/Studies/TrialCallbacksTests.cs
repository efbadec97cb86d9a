using System.Diagnostics;
using VisionSeqModels.Studies;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What a study adds to its trials, within a training of one epoch of four steps.</summary>
[Collection("Torch")]
public sealed class TrialCallbacksTests
{
    private static readonly StudyProgress About = new()
    {
        Event = TrialEvent.Started,
        Trial = 2,
        TrialCount = 3,
        Setting = "a",
        Seed = 1,
    };

    [Fact]
    public void Evaluation_IsReportedAsAFraction()
    {
        var reports = new List<StudyProgress>();
        Fit(context =>
        {
            foreach (var (done, of) in new (int, long?)[] { (3, 4), (5, 4), (3, null), (3, 0) })
            {
                ((IEvaluationListener)new TrialProgress(new Listener(reports.Add), About)).OnEvaluationBatch(
                    context,
                    "test",
                    done,
                    of
                );
            }
        });
        Assert.Equal([0.75, 1, null, null], reports.Select(report => report.EpochFraction));
        Assert.All(
            reports,
            report =>
                Assert.Equal(
                    (TrialEvent.Evaluating, 2, "a", 1, 1),
                    (report.Event, report.Trial, report.Setting, report.Epoch, report.Epochs)
                )
        );
    }

    [Fact]
    public void Step_IsReportedAsAFractionOfTheEpoch()
    {
        var reports = new List<StudyProgress>();
        Fit(context => new TrialProgress(new Listener(reports.Add), About).OnStepEnd(new StepEndEvent(context, default, null)));
        var report = Assert.Single(reports);
        Assert.Equal((TrialEvent.Training, 0.5, 1), (report.Event, report.EpochFraction, report.Epoch));
    }

    /// <summary>A listener hears of steps at most four times a second, and again and again.</summary>
    [Fact]
    public void Steps_AreReported_AQuarterOfASecondApart()
    {
        var reports = new List<StudyProgress>();
        var took = TimeSpan.Zero;
        Fit(context =>
        {
            var progress = new TrialProgress(new Listener(reports.Add), About);
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < 400 && reports.Count < 2; i++)
            {
                progress.OnStepEnd(new StepEndEvent(context, default, null));
                took = Stopwatch.GetElapsedTime(begin);
                Thread.Sleep(1);
            }
        });
        Assert.Equal(2, reports.Count);
        Assert.True(took >= TimeSpan.FromMilliseconds(250), $"{took}");
    }

    [Fact]
    public void BeginningOfAnEpoch_IsNotReported()
    {
        var reports = new List<StudyProgress>();
        Fit(_ => { }, new TrialProgress(new Listener(reports.Add), About));
        Assert.Equal((TrialEvent.EpochEnd, 1.0, 1), (reports[^1].Event, reports[^1].EpochFraction, reports[^1].Record!.Epoch));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 3)]
    public void RungStop_EndsTheTrialAfterItsEpoch(int until, int epochs)
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        using var stop = new CancellationTokenSource();
        var trainer = new Trainer(Options with { Epochs = 3 });
        trainer.Callbacks.Add(new RungStop(until, stop));
        var history = trainer.Fit(model, new FitData { Train = data }, stop.Token);
        Assert.Equal(epochs, history.Epochs.Count(epoch => !epoch.IsPartial));
        Assert.Equal(until < 3 ? StopReason.Cancelled : StopReason.Completed, history.StopReason);
    }

    private static TrainerOptions Options { get; } =
        new()
        {
            Epochs = 1,
            BatchSize = 8,
            Device = "cpu",
        };

    /// <summary>Does something after the second of four steps.</summary>
    private static void Fit(Action<FitContext> act, params Callback[] callbacks)
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Options);
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        trainer.Callbacks.Add(new TracingCallback([]) { At = "StepEnd 2", Act = act });
        trainer.Fit(model, new FitData { Train = data });
    }
}

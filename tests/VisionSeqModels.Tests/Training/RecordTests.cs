using System.Text.Json.Nodes;
using TorchSharp;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>What a run leaves as its record: history, run.json, JSON lines; and what it costs in waits and memory.</summary>
[Collection("Torch")]
public sealed class RecordTests
{
    [Fact]
    public void HostReads_AreEpochsEvaluationsStatesAndLogs_AndNothingElse()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(256);
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = 3,
            BatchSize = 32,
            Seed = 1,
            Device = "cpu",
            RunDirectory = folder["run"],
            LogEverySteps = 4,
        };
        var history = new Trainer(options).Fit(model, data, data);
        const int Epochs = 3;
        const int Evaluations = 3;
        const int States = 1 + 3; // the first, and one an epoch
        const int Logs = 3 * 8 / 4;
        Assert.Equal(Epochs + Evaluations + States + Logs, history.HostReads);
    }

    [Fact]
    public void LiveTensors_AreTheSameAfterEpoch2AndEpoch20()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var live = new List<long>();
        Callback[] callbacks =
        [
            new EarlyStopping { Patience = 30, RestoreBestWeights = true },
            new ExponentialMovingAverage { ApplyAtEnd = false },
            new ReduceLearningRateOnPlateau(),
            new AtEpochEnd(() => live.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount)),
        ];
        Fit(model, data, epochs: 20, callbacks);
        Assert.Equal(live[1], live[19]);
    }

    [Fact]
    public void LiveTensors_AreAsBeforeAfterEvaluationExceptionCancellationAndTenFits()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        Fit(model, data, epochs: 1, []);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        void AssertSame(string after) =>
            Assert.True(
                before == DisposeScopeManager.Statistics.ThreadTotalLiveCount,
                $"{DisposeScopeManager.Statistics.ThreadTotalLiveCount - before} more after {after}"
            );

        new Trainer(new TrainerOptions { Device = "cpu" }).Evaluate(model, data);
        AssertSame("an evaluation");
        Assert.Throws<CallbackException>(() =>
            Fit(
                model,
                data,
                epochs: 2,
                [
                    new EarlyStopping(),
                    new ExponentialMovingAverage { ApplyAtEnd = false },
                    new TracingCallback([]) { At = "StepEnd 2", Act = _ => throw new InvalidOperationException() },
                ]
            )
        );
        AssertSame("an exception");
        using var source = new CancellationTokenSource();
        Fit(
            model,
            data,
            epochs: 2,
            [
                new EarlyStopping(),
                new ExponentialMovingAverage { ApplyAtEnd = false },
                new TracingCallback([]) { At = "StepEnd 2", Act = _ => source.Cancel() },
            ],
            source.Token
        );
        AssertSame("a cancellation");
        for (int i = 0; i < 10; i++)
        {
            Fit(model, data, epochs: 1, [new EarlyStopping(), new ExponentialMovingAverage { ApplyAtEnd = false }]);
        }

        AssertSame("ten fits");
    }

    [Fact]
    public void Load_GivesBackTheRecordOfARun()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = 3,
            Seed = 7,
            Device = "cpu",
            RunDirectory = folder["run"],
            DefaultCallbacks = false,
        };
        var history = new Trainer(options)
        {
            Callbacks =
            {
                new RunRecorder(),
                new EarlyStopping
                {
                    Monitor = "test_loss",
                    MinimumDelta = 100,
                    Patience = 1,
                },
            },
        }.Fit(model, data, data);

        var loaded = TrainingHistory.Load(folder["run"]);

        Assert.Equal(
            history.Epochs.Select(epoch => epoch with { Metrics = null! }),
            loaded.Epochs.Select(epoch => epoch with { Metrics = null! })
        );
        Assert.Equal(history.Epochs.Select(epoch => epoch.Metrics), loaded.Epochs.Select(epoch => epoch.Metrics));
        Assert.Equal(
            (StopReason.StoppedEarly, history.StopMessage, 7L, history.Steps, history.Device),
            (loaded.StopReason, loaded.StopMessage, loaded.Seed, loaded.Steps, loaded.Device)
        );
        Assert.Equal(history.StartedAt, loaded.StartedAt, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("", "is no record of a run")]
    [InlineData("{}", "has the format ")]
    [InlineData("{\"format\": 1}", "is no record of a run")]
    [InlineData("[1]", "is no record of a run")]
    [InlineData("{\"format\": 9}", "has the format 9, but this version reads format 1")]
    public void Load_OfSomethingElse_SaysSo(string content, string message)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["run.json"], content);
        Assert.Contains(
            message,
            Assert.Throws<InvalidDataException>(() => TrainingHistory.Load(folder.Root)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<FileNotFoundException>(() => TrainingHistory.Load(folder["nowhere"]));
    }

    [Fact]
    public void JsonLines_OfACancelledAndResumedRun_HaveEveryStepAndEpochOnce()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(256);
        var options = new TrainerOptions
        {
            Epochs = 3,
            BatchSize = 32,
            Seed = 1,
            Device = "cpu",
            RunDirectory = folder["run"],
            DefaultCallbacks = false,
            LogEverySteps = 3,
        };
        var whole = new List<string>();
        using (var model = TinyModel.Create())
        {
            new Trainer(options with { RunDirectory = folder["whole"] }) { Callbacks = { new JsonLinesLogger() } }.Fit(
                model,
                data,
                data
            );
        }

        using (var model = TinyModel.Create())
        using (var source = new CancellationTokenSource())
        {
            new Trainer(options)
            {
                Callbacks =
                {
                    new JsonLinesLogger(),
                    new TracingCallback([]) { At = "StepEnd 13", Act = _ => source.Cancel() },
                },
            }.Fit(model, data, data, source.Token);
        }

        File.AppendAllText(folder["run/events.jsonl"], "{\"event\":\"step\",\"epo"); // a line that a kill cut off
        using (var model = TinyModel.Create())
        {
            new Trainer(options) { Callbacks = { new JsonLinesLogger() } }.Resume(folder["run"], model, data, data);
        }

        Assert.Equal(Curve(folder["whole/events.jsonl"]), Curve(folder["run/events.jsonl"]));
        Assert.Contains(
            File.ReadLines(folder["run/events.jsonl"]),
            line => line.StartsWith("{\"event\":\"resume\",\"epoch\":2,\"step\":13", StringComparison.Ordinal)
        );
    }

    /// <summary>The lines with metrics, without times.</summary>
    private static List<string> Curve(string path) =>
        [
            .. File.ReadLines(path)
                .Select(line => JsonNode.Parse(line)!.AsObject())
                .Where(line => (string?)line["event"] is "step" or "epoch")
                .Select(line =>
                    string.Join(
                        ' ',
                        line.Where(entry => entry.Key is not ("time" or "seconds")).Select(entry => $"{entry.Key}={entry.Value}")
                    )
                ),
        ];

    private static void Fit(
        nn.Module<Tensor, Tensor> model,
        TinyData data,
        int epochs,
        Callback[] callbacks,
        CancellationToken token = default
    )
    {
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = epochs,
                BatchSize = 32,
                Seed = 1,
                Device = "cpu",
                ClipGradientNorm = 1,
                LogEverySteps = 1,
            }
        );
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        trainer.Fit(model, data, data, token);
    }

    private sealed class AtEpochEnd(Action act) : Callback
    {
        public override CallbackStage Stage => CallbackStage.Report;

        public override void OnEpochEnd(EpochEndEvent e) => act();
    }
}

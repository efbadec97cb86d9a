using Microsoft.Extensions.Logging;
using TorchSharp;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Runs;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>The saved state: what it withstands, and what it refuses.</summary>
[Collection("Torch")]
public sealed class StateTests
{
    [Theory]
    [InlineData("truncated")]
    [InlineData("bit flipped")]
    [InlineData("empty")]
    [InlineData("missing")]
    public void DamagedState_FallsBackToTheOneBefore_AndSaysSo(string damage)
    {
        using var folder = new TempFolder();
        string whole = Final(folder["whole"], epochs: 4);
        Fit(folder["run"], epochs: 2);
        Damage(folder["run/checkpoints/last.state.safetensors"], damage);
        var log = new ListLogger();

        var history = Resume(folder["run"], epochs: 4, logger: log);

        Assert.Equal(whole, Sum(folder["run"]));
        Assert.Equal(1, history.Resumes[0].Epoch);
        Assert.Equal(
            damage == "missing",
            !log.Warnings.Any(text => text.Contains("newest state was left out", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void EverySingleByteThatIsChanged_IsNoticed()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        string path = folder["run/checkpoints/last.state.safetensors"];
        File.Delete(folder["run/checkpoints/previous.state.safetensors"]);
        byte[] sound = File.ReadAllBytes(path);
        for (int at = 0; at < sound.Length; at += 37)
        {
            byte[] damaged = [.. sound];
            damaged[at] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            Assert.Throws<InvalidDataException>(() => new StateFile(folder["run"]).Read().Dispose());
        }
    }

    [Fact]
    public void BothStatesDamaged_SaysWhatIsWrongWithEach()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 2);
        Damage(folder["run/checkpoints/last.state.safetensors"], "truncated");
        Damage(folder["run/checkpoints/previous.state.safetensors"], "empty");
        var error = Assert.Throws<InvalidDataException>(() => Resume(folder["run"], epochs: 4));
        Assert.Contains("last.state.safetensors' is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("previous.state.safetensors' carries no checksum", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OfAFolderWithoutARun_SaysToBeginOne()
    {
        using var folder = new TempFolder();
        Assert.False(RunDirectory.CanResume(folder["run"]));
        Assert.Contains(
            "holds no saved state",
            Assert.Throws<InvalidDataException>(() => Resume(folder["run"], epochs: 1)).Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void Resume_OfARunThatIsOver_ReturnsItsHistory_AndMoreEpochsGoOn()
    {
        using var folder = new TempFolder();
        string whole = Final(folder["whole"], epochs: 4);
        var first = Fit(folder["run"], epochs: 2);
        var again = Resume(folder["run"], epochs: 2);
        Assert.Equal(first.Epochs.Select(epoch => epoch.Metrics), again.Epochs.Select(epoch => epoch.Metrics));
        Assert.Equal((StopReason.Completed, 16L), (again.StopReason, again.Steps));

        var longer = Resume(folder["run"], epochs: 4);
        Assert.Equal([1, 2, 3, 4], longer.Epochs.Select(epoch => epoch.Epoch));
        Assert.Contains(longer.Resumes[^1].Changes, change => change == "epochs 2 became 4");
        Assert.Equal(whole, Sum(folder["run"]));
    }

    [Fact]
    public void Resume_WithOptionsThatDoNotFitTheState_NamesEachDifference_AndChangesNothing()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        string before = Sum(folder["run"]);
        var error = Assert.Throws<InvalidOperationException>(() =>
            Resume(
                folder["run"],
                new TrainerOptions
                {
                    Epochs = 2,
                    BatchSize = 16,
                    Shuffle = false,
                    Device = "cpu",
                    Optimizer = new SgdOptions(),
                    DefaultCallbacks = false,
                }
            )
        );
        Assert.Contains("batch_size 32 became 16", error.Message, StringComparison.Ordinal);
        Assert.Contains("shuffle true became false", error.Message, StringComparison.Ordinal);
        Assert.Contains("optimizer {", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Sum(folder["run"]));
    }

    [Fact]
    public void Resume_WithAnotherSeed_SaysSo()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        Assert.Contains(
            "has the seed 1, but the options ask for 2",
            Assert.Throws<InvalidOperationException>(() => Resume(folder["run"], Options(2) with { Seed = 2 })).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(1, Resume(folder["run"], Options(2) with { Seed = null }).Seed);
    }

    [Fact]
    public void Resume_WithAnotherLearningRate_IsAllowedAndRecorded()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        var history = Resume(folder["run"], Options(2) with { Optimizer = new AdamOptions { LearningRate = 0.5 } });
        Assert.Contains(
            "optimizer",
            history.Resumes[0].Changes.Single(change => change.StartsWith("optimizer", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Equal([0.01, 0.5], history.Epochs.Select(epoch => epoch.LearningRate));
    }

    [Fact]
    public void Resume_WithOtherData_SaysSo()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(Options(2)).Resume(folder["run"], model, data));
        Assert.Contains(
            "begun on 256 training samples of 'tiny', but is resumed with 64",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Resume_WithAnotherModel_NamesTheTensors()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        using var data = new TinyData();
        using var model = nn.Sequential(("hidden", nn.Linear(2, 4)));
        var error = Assert.Throws<WeightsMismatchException>(() =>
            new Trainer(Options(2)).Resume(folder["run"], model, data, data)
        );
        Assert.Contains("hidden.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_UnderAnotherThreadCount_WarnsAndRecordsIt()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        int threads = get_num_threads();
        var log = new ListLogger();
        try
        {
            set_num_threads(threads + 1);
            var history = Resume(folder["run"], epochs: 2, logger: log);
            Assert.Contains($"threads {threads} became {threads + 1}", history.Resumes[0].Changes);
            Assert.Contains(
                log.Warnings,
                text => text.Contains($"threads {threads} became {threads + 1}", StringComparison.Ordinal)
            );
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void EarlyStoppedRun_StaysStopped_AndGoesOnWithMorePatience()
    {
        using var folder = new TempFolder();
        double[] losses = [1, 2, 3, 0.5, 4, 5, 6, 7];
        var first = WithPatience(folder["run"], patience: 2, losses);
        Assert.Equal((StopReason.StoppedEarly, 3), (first.StopReason, first.Epochs.Count));
        var again = WithPatience(folder["run"], patience: 2, losses[3..]);
        Assert.Equal((StopReason.StoppedEarly, 3, first.StopMessage), (again.StopReason, again.Epochs.Count, again.StopMessage));
        var patient = WithPatience(folder["run"], patience: 3, losses[3..]);
        Assert.Equal((StopReason.StoppedEarly, 7), (patient.StopReason, patient.Epochs.Count));
    }

    [Fact]
    public void TwoRunsInOneFolder_TheSecondIsTurnedAway()
    {
        using var folder = new TempFolder();
        string? message = null;
        var inner = new Action(() => message = Assert.Throws<IOException>(() => Resume(folder["run"], epochs: 1)).Message);
        Fit(folder["run"], epochs: 1, new TracingCallback([]) { At = "StepEnd 1", Act = _ => inner() });
        Assert.Contains("is in use by another run", message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["run/.lock"]));
    }

    [Fact]
    public void LeftoversOfAKilledWriting_AreRemoved()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        string leftover = folder["run/checkpoints/last.state.safetensors.1f-0123abcd.tmp"];
        File.WriteAllText(leftover, "half");
        Resume(folder["run"], epochs: 2);
        Assert.False(File.Exists(leftover));
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void CancelledAndResumed_LeavesNoTensorsOfTheStateBehind(string optimizer)
    {
        using var folder = new TempFolder();
        OptimizerOptions options = optimizer == "sgd" ? new SgdOptions { Momentum = 0.9 } : new AdamOptions();
        using var data = new TinyData();
        using var model = TinyModel.Create();
        Callback[] Callbacks() => [new EarlyStopping(), new ExponentialMovingAverage { ApplyAtEnd = false }];
        Fit(model, data, folder["warm"], options, Callbacks());
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var source = new CancellationTokenSource();
        Fit(
            model,
            data,
            folder["run"],
            options,
            [.. Callbacks(), new TracingCallback([]) { At = "StepEnd 11", Act = _ => source.Cancel() }],
            source.Token
        );
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Fit(model, data, folder["run"], options, Callbacks());
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Resume_InsideACallersScope_KeepsTheOptimizersMomentum()
    {
        using var folder = new TempFolder();
        var options = Options(4) with
        {
            Optimizer = new SgdOptions { LearningRate = 0.1, Momentum = 0.9 },
        };
        string whole = Final(folder["whole"], options);
        Fit(folder["run"], options with { Epochs = 2 });
        using (NewDisposeScope())
        {
            Resume(folder["run"], options);
        }

        Assert.Equal(whole, Sum(folder["run"]));
    }

    private static TrainingHistory WithPatience(string folder, int patience, double[] losses)
    {
        var options = Options(20) with { Metrics = [new Scripted(losses)] };
        return Run(folder, options, [new EarlyStopping { Monitor = "test_scripted", Patience = patience }]);
    }

    private static TrainerOptions Options(int epochs) =>
        new()
        {
            Epochs = epochs,
            BatchSize = 32,
            Seed = 1,
            Device = "cpu",
            DefaultCallbacks = false,
            Optimizer = new AdamOptions { LearningRate = 0.01 },
        };

    private static string Final(string folder, int epochs) => Final(folder, Options(epochs));

    private static string Final(string folder, TrainerOptions options)
    {
        Fit(folder, options);
        return Sum(folder);
    }

    private static TrainingHistory Fit(string folder, int epochs, params Callback[] callbacks) =>
        Run(folder, Options(epochs), callbacks);

    private static TrainingHistory Fit(string folder, TrainerOptions options) => Run(folder, options, []);

    private static TrainingHistory Resume(string folder, int epochs, ILogger? logger = null) =>
        Run(folder, Options(epochs), [], logger, resume: true);

    private static TrainingHistory Resume(string folder, TrainerOptions options) => Run(folder, options, [], resume: true);

    private static TrainingHistory Run(
        string folder,
        TrainerOptions options,
        Callback[] callbacks,
        ILogger? logger = null,
        bool resume = false
    )
    {
        using var data = new TinyData();
        using var model = TinyModel.Create(dropout: 0.2);
        var trainer = new Trainer(options with { RunDirectory = folder }, logger);
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        return resume || RunDirectory.CanResume(folder)
            ? trainer.Resume(folder, model, data, data)
            : trainer.Fit(model, data, data);
    }

    private static void Fit(
        nn.Module<Tensor, Tensor> model,
        TinyData data,
        string folder,
        OptimizerOptions optimizer,
        Callback[] callbacks,
        CancellationToken token = default
    )
    {
        var trainer = new Trainer(Options(2) with { RunDirectory = folder, Optimizer = optimizer });
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        _ = RunDirectory.CanResume(folder)
            ? trainer.Resume(folder, model, data, data, token)
            : trainer.Fit(model, data, data, token);
    }

    private static string Sum(string folder)
    {
        using var state = new StateFile(folder).Read();
        var parts = state
            .Tensors("")
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => entry.Key + Convert.ToHexString(entry.Value.bytes));
        return string.Join('\n', parts);
    }

    private static void Damage(string path, string how)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (how)
        {
            case "truncated":
                File.WriteAllBytes(path, bytes[..^10]);
                break;
            case "bit flipped":
                bytes[^10] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            default:
                File.Delete(path);
                break;
        }
    }
}

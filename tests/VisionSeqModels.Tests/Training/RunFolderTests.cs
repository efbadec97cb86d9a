using TorchSharp;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

[Collection("Torch")]
public sealed class RunFolderTests
{
    [Fact]
    public void Fit_OfAConvolutionalModel_FillsTheFolder()
    {
        using var folder = new TempFolder();
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 64, TestCount = 20 });
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });

        new Trainer(
            new TrainerOptions
            {
                Epochs = 1,
                Seed = 1,
                RunDirectory = folder["run"],
            }
        ).Fit(model, data.Train, data.Test);

        Assert.Equal(
            [
                "activations.json",
                "activations.png",
                "confident_errors.png",
                "confusion.png",
                "conv1_weights.png",
                "curves.png",
                "events.jsonl",
                "events.out.tfevents",
                "metrics.csv",
                "report.html",
                "run.json",
            ],
            Files(folder["run"])
        );
        Assert.Equal(
            ["best.safetensors", "last.safetensors", "last.state.safetensors", "previous.state.safetensors"],
            Files(folder["run/checkpoints"])
        );
    }

    [Fact]
    public void Fit_OfAModelWithoutConvolutions_LeavesTheirPicturesOut()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        Assert.Equal(
            ["confusion.png", "curves.png", "events.jsonl", "events.out.tfevents", "metrics.csv", "report.html", "run.json"],
            Files(folder["run"])
        );
    }

    [Fact]
    public void Fit_WithACallbackOfOnesOwn_DoesNotAddTheStandardOne()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1, new ModelCheckpoint { SaveBest = false });
        Assert.Equal(
            ["last.safetensors", "last.state.safetensors", "previous.state.safetensors"],
            Files(folder["run/checkpoints"])
        );
    }

    [Fact]
    public void Fit_InAFolderThatHoldsARun_RefusesAndChangesNothing()
    {
        using var folder = new TempFolder();
        Fit(folder["run"], epochs: 1);
        string before = File.ReadAllText(folder["run/run.json"]);

        var error = Assert.Throws<IOException>(() => Fit(folder["run"], epochs: 1));

        Assert.Contains("already holds a run", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(folder["run/run.json"]));
    }

    [Fact]
    public void Fit_WithAllCallbacks_LeavesAsManyTensorsAfterManyEpochsAsAfterFew()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        Fit(folder["warm"], 1, model, data); // the model's gradients exist from now on
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Fit(folder["few"], 1, model, data);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Fit(folder["many"], 5, model, data);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void New_TwiceInASecond_GivesTwoNamesWithoutColons()
    {
        using var folder = new TempFolder();
        var clock = new FixedClock();
        string first = RunDirectory.New(folder.Root, "lenet", clock);
        Directory.CreateDirectory(first);

        Assert.Equal("lenet_Oct24_19-52-12", Path.GetFileName(first));
        Assert.Equal("lenet_Oct24_19-52-12_2", Path.GetFileName(RunDirectory.New(folder.Root, "lenet", clock)));
    }

    [Fact]
    public void Cancelled_KeepsTheWeightsAndSaysSo()
    {
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 256, TestCount = 20 });
        using var model = VisionModels.LeNet(new LeNetOptions { Seed = 1 });
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 3,
                Seed = 1,
                RunDirectory = folder["run"],
            }
        )
        {
            Callbacks = { new CancelAt(2, source) },
        };

        var history = trainer.Fit(model, data.Train, data.Test, source.Token);

        Assert.Equal(StopReason.Cancelled, history.StopReason);
        Assert.True(File.Exists(folder["run/checkpoints/last.safetensors"]));
        Assert.Contains("\"status\": \"cancelled\"", File.ReadAllText(folder["run/run.json"]), StringComparison.Ordinal);
    }

    private static void Fit(string runDirectory, int epochs, params Callback[] callbacks)
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        Fit(runDirectory, epochs, model, data, callbacks);
    }

    private static void Fit(
        string runDirectory,
        int epochs,
        nn.Module<Tensor, Tensor> model,
        TinyData data,
        params Callback[] callbacks
    )
    {
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = epochs,
                Seed = 1,
                RunDirectory = runDirectory,
            }
        );
        foreach (var callback in callbacks)
        {
            trainer.Callbacks.Add(callback);
        }

        trainer.Fit(model, data, data);
    }

    private static string[] Files(string folder) =>
        [
            .. Directory
                .GetFiles(folder)
                .Select(path => Path.GetFileName(path)!)
                .Select(name => name.StartsWith("events.out.tfevents", StringComparison.Ordinal) ? "events.out.tfevents" : name)
                .Order(StringComparer.Ordinal),
        ];

    private sealed class CancelAt(int step, CancellationTokenSource source) : Callback
    {
        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Step == step)
            {
                source.Cancel();
            }
        }
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2025, 10, 24, 19, 52, 12, TimeSpan.Zero);

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }
}

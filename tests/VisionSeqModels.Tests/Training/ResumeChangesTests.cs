using System.Globalization;
using System.Text.Json.Nodes;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Options of losses and optimizers stand in run.json; what changed at a resume is reported, or refused in a sentence;
/// runs of an earlier version still resume.</summary>
[Collection("Torch")]
public sealed class ResumeChangesTests
{
    private static readonly string Older = Path.Combine(AppContext.BaseDirectory, "TestData", "older-runs");

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 3,
        Seed = 5,
        BatchSize = 8,
        Device = "cpu",
        DefaultCallbacks = false,
        SaveStateEverySteps = 1,
        Optimizer = new SgdOptions { LearningRate = 0.05, Momentum = 0.9 },
    };

    private static readonly Dictionary<string, (Func<double, Loss> Make, string Key)[]> LossOptions = new()
    {
        [nameof(Losses.CrossEntropy)] =
        [
            (value => Losses.CrossEntropy(labelSmoothing: value / 10), "label_smoothing"),
            (value => Losses.CrossEntropy(classWeights: [1, value]), "class_weights"),
            (value => Losses.CrossEntropy(ignoreIndex: -(long)value), "ignore_index"),
        ],
        [nameof(Losses.Focal)] =
        [
            (value => Losses.Focal(gamma: value), "gamma"),
            (value => Losses.Focal(classWeights: [1, value]), "class_weights"),
            (value => Losses.Focal(ignoreIndex: -(long)value), "ignore_index"),
        ],
        [nameof(Losses.BinaryFocal)] =
        [
            (value => Losses.BinaryFocal(gamma: value), "gamma"),
            (value => Losses.BinaryFocal(alpha: value / 10), "alpha"),
        ],
        [nameof(Losses.BinaryCrossEntropyWithLogits)] =
        [
            (value => Losses.BinaryCrossEntropyWithLogits(value), "positive_weights"),
            (value => Losses.BinaryCrossEntropyWithLogits([1, value]), "positive_weights"),
        ],
        [nameof(Losses.SmoothL1)] = [(value => Losses.SmoothL1(value), "beta")],
        [nameof(Losses.Huber)] = [(value => Losses.Huber(value), "delta")],
        [nameof(Losses.MeanSquaredError)] = [],
        [nameof(Losses.L1)] = [],
        [nameof(Losses.From)] = [(value => new Own(value), "temperature")],
    };

    public static TheoryData<string> EachLossOption =>
        [.. LossOptions.SelectMany(loss => Enumerable.Range(0, loss.Value.Length).Select(i => $"{loss.Key} {i}"))];

    [Fact]
    public void EveryLoss_AndEachOfItsParameters_IsInTheTable() =>
        Assert.All(
            typeof(Losses).GetMethods().Where(method => method.ReturnType == typeof(Loss) && method.Name != nameof(Losses.From)),
            method =>
                Assert.True(
                    LossOptions.TryGetValue(method.Name, out var options) && options.Length >= method.GetParameters().Length,
                    $"{method} has options that no test sees in run.json"
                )
        );

    [Theory]
    [MemberData(nameof(EachLossOption))]
    public void LossOption_IsInRunJson_AndItsChangeIsReported(string name)
    {
        string loss = name.Split(' ')[0];
        int index = int.Parse(name.Split(' ')[1], CultureInfo.InvariantCulture);
        using var folder = new TempFolder();
        using var data = new TinyData(16);
        var (make, key) = LossOptions[loss][index];
        bool binary = loss is not (nameof(Losses.CrossEntropy) or nameof(Losses.Focal) or nameof(Losses.From));
        using var model = binary ? Scores() : TinyModel.Create();
        var source = binary ? Floats(data) : data;
        var options = Options with { RunDirectory = folder["run"], Epochs = 1, Loss = make(2) };
        new Trainer(options) { Callbacks = { new RunRecorder() } }.Fit(model, source);
        var trainer = JsonNode.Parse(File.ReadAllText(folder["run/run.json"]))!["trainer"]!;
        string recorded = trainer["loss_options"]![key]!.ToJsonString();
        Assert.NotEqual("null", recorded);

        Assert.Empty(Resume(options with { Epochs = 2, Loss = make(2) })[^1].Changes.Skip(1));
        string change = Assert.Single(Resume(options with { Epochs = 2, Loss = make(3) })[^1].Changes);
        Assert.StartsWith("loss_options {", change, StringComparison.Ordinal);
        Assert.Contains($"\"{key}\":", change, StringComparison.Ordinal);

        IReadOnlyList<VisionSeqModels.Runs.ResumeRecord> Resume(TrainerOptions now) =>
            new Trainer(now).Resume(folder["run"], model, source).Resumes;
    }

    [Fact]
    public void OptimizerOptions_AreInRunJson_ARateIsReported_AndOthersAreRefused()
    {
        using var folder = new TempFolder();
        using var data = new TinyData(16);
        using var model = TinyModel.Create();
        var options = Options with { RunDirectory = folder["run"], Epochs = 1 };
        new Trainer(options) { Callbacks = { new RunRecorder() } }.Fit(model, data);
        var trainer = JsonNode.Parse(File.ReadAllText(folder["run/run.json"]))!["trainer"]!;
        Assert.Equal(0.9, (double)trainer["optimizer"]!["momentum"]!);
        var slower = options with
        {
            Epochs = 2,
            Optimizer = new SgdOptions { LearningRate = 0.01, Momentum = 0.9 },
        };
        var resumed = new Trainer(slower).Resume(folder["run"], model, data);
        Assert.Contains(resumed.Resumes[^1].Changes, change => change.StartsWith("optimizer {", StringComparison.Ordinal));
        var other = options with
        {
            Epochs = 3,
            Optimizer = new SgdOptions { LearningRate = 0.01, Momentum = 0.8 },
        };
        Assert.Throws<InvalidOperationException>(() => new Trainer(other).Resume(folder["run"], model, data));
    }

    public static TheoryData<string> OtherSums => [.. Others.Keys];

    private static Dictionary<string, Func<TrainerOptions, TrainerOptions>> Others =>
        new()
        {
            ["more"] = options => options with { Metrics = [new Accuracy(), new F1Score(2)] },
            ["fewer"] = options => options with { Metrics = [] },
            ["order"] = options => options with { Metrics = [new Precision(2), new Recall(2)] },
            ["loss"] = options => options with { Loss = Losses.Focal() },
            ["loss options"] = options => options with { Loss = Losses.CrossEntropy(classWeights: [1, 2]) },
        };

    [Theory]
    [MemberData(nameof(OtherSums))]
    public void OtherMetricsOrLoss_AreRefusedWithinAnEpoch_AndReportedBetweenTwo(string other)
    {
        using var folder = new TempFolder();
        using var data = new TinyData(16);
        using var model = TinyModel.Create();
        using var source = new CancellationTokenSource();
        var begun = other == "order" ? Options with { Metrics = [new Recall(2), new Precision(2)] } : Options;
        new Trainer(begun with { RunDirectory = folder["run"] })
        {
            Callbacks =
            {
                new TracingCallback([]) { At = "StepEnd 3", Act = _ => source.Cancel() },
            },
        }.Fit(model, data, cancellationToken: source.Token);
        var changed = Others[other](begun);
        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(changed).Resume(folder["run"], model, data));
        Assert.StartsWith("The run stopped within epoch 2, whose sums so far are of ", error.Message, StringComparison.Ordinal);
        Assert.Contains(" became ", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, new Trainer(begun).Resume(folder["run"], model, data).Steps);
        var between = new Trainer(changed with { Epochs = 4 }).Resume(folder["run"], model, data);
        Assert.Equal(8, between.Steps);
        Assert.NotEmpty(between.Resumes[^1].Changes);
    }

    /// <summary>Runs that the version of 26 November 2026 left (commit 79f617c), ended after two epochs and stopped within the
    /// second. Since then the average grew a warm-up and metrics, and losses record their options.</summary>
    [Theory]
    [InlineData("between", 8)]
    [InlineData("within", 6)]
    public void RunOfAnEarlierVersion_Resumes_ToWhatThatVersionTrained(string run, long steps)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["run/checkpoints"]);
        foreach (string file in new[] { "run.json", "checkpoints/last.state.safetensors" })
        {
            File.Copy(Path.Combine(Older, run, file), folder[$"run/{file}"]);
        }

        var older = TrainingHistory.Load(folder["run"]);
        Assert.Equal(steps, older.Steps);
        using var data = new TinyData(32);
        using var model = TinyModel.Create(seed: 9);
        int threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var history = new Trainer(Options)
            {
                Callbacks =
                {
                    new RunRecorder(),
                    new EarlyStopping
                    {
                        Monitor = "test_loss",
                        Patience = 3,
                        RestoreBestWeights = false,
                    },
                    new ExponentialMovingAverage { Decay = 0.9, ApplyAtEnd = false },
                },
            }.Resume(folder["run"], model, data, data);
            Assert.Equal(12, history.Steps);
            Assert.Equal(older["test_loss"][0], history["test_loss"][0]);
            Assert.DoesNotContain(history.Resumes[^1].Changes, change => change.StartsWith("loss", StringComparison.Ordinal));
        }
        finally
        {
            set_num_threads(threads);
        }

        using var whole = Safetensors.Read(Path.Combine(Older, "final.safetensors"));
        foreach (var (name, tensor) in whole.Tensors)
        {
            TensorAssert.Close(tensor, model.state_dict()[name], 1e-5, name);
        }
    }

    private static nn.Module<Tensor, Tensor> Scores() => nn.Sequential(("out", nn.Linear(2, 2)));

    private static IBatchSource Floats(TinyData data) =>
        BatchSource.From(
            "floats",
            request => data.Read(request).Select(batch => new Batch(batch.Inputs, (batch.Inputs > 0).to_type(ScalarType.Float32)))
        );

    private sealed class Own(double temperature) : Loss
    {
        public override string Name => "own";

        public override IReadOnlyDictionary<string, object?> Options =>
            new Dictionary<string, object?> { ["temperature"] = temperature };

        public override Tensor Compute(Tensor outputs, Tensor targets) =>
            nn.functional.cross_entropy(outputs / temperature, targets);
    }
}

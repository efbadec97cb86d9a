using VisionSeqModels.Data;
using VisionSeqModels.Runs;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Errors name the mistake that was made, not another one.</summary>
[Collection("Torch")]
public sealed class MisleadingErrorTests
{
    private const string Hostile = "\u001b[31mred\u0007\r\n\u202eevil\u2066\u200b";

    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        Seed = 1,
        BatchSize = 8,
        EvaluationBatchSize = 8,
        Device = "cpu",
        DefaultCallbacks = false,
    };

    private static readonly Dictionary<string, LearningRateSchedule> Counting = new()
    {
        ["cosine"] = new CosineSchedule(),
        ["one cycle"] = new OneCycleSchedule(),
        ["step"] = new StepSchedule { EveryEpochs = 1 },
        ["exponential"] = new ExponentialSchedule { Gamma = 0.5 },
    };

    public static TheoryData<string> Schedules => [.. Counting.Keys];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void FunctionSourceWithASampleCount_WorksWithEverySchedule_LikeTheDataItself(string schedule)
    {
        using var data = new TinyData(60);
        var options = Options with { Schedule = Counting[schedule] };
        double[] Rates(IBatchSource source, TrainerOptions with)
        {
            using var model = TinyModel.Create();
            var history = new Trainer(with).Fit(model, source);
            return [.. history.Epochs.Select(epoch => epoch.LearningRate)];
        }

        var source = BatchSource.From("function", data.Read, sampleCount: 60);
        Assert.Equal(Rates(data, options), Rates(source, options));
        Assert.Equal(Rates(data, options with { DropLast = true }), Rates(source, options with { DropLast = true }));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void FunctionSourceOfOtherBatches_ThanItsSampleCountSays_IsRefused(string schedule)
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var source = BatchSource.From("function", request => data.Read(request with { BatchSize = 4 }), sampleCount: 64);
        var error = Assert.Throws<ArgumentException>(() =>
            new Trainer(Options with { Schedule = Counting[schedule] }).Fit(model, source)
        );
        Assert.StartsWith(
            "The training data 'function' gave 16 steps in epoch 1, but reports 8,",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(32, new Trainer(Options).Fit(model, source).Steps); // no schedule, no matter
    }

    [Fact]
    public void FunctionSource_ResumedWithinAnEpoch_IsAtTheSamePlaceAsTheDataItself()
    {
        using var data = new TinyData(64);
        Tensor Trained(IBatchSource source)
        {
            using var folder = new TempFolder();
            using var model = TinyModel.Create();
            using var cancelled = new CancellationTokenSource();
            new Trainer(Options with { RunDirectory = folder["run"] })
            {
                Callbacks =
                {
                    new TracingCallback([]) { At = "StepEnd 11", Act = _ => cancelled.Cancel() },
                },
            }.Fit(model, source, cancellationToken: cancelled.Token);
            Assert.Equal(16, new Trainer(Options).Resume(folder["run"], model, source).Steps);
            return model.get_parameter("out.weight")!.detach().clone();
        }

        using var scope = NewDisposeScope();
        TensorAssert.Identical(Trained(data), Trained(BatchSource.From("tiny", data.Read, sampleCount: 64)), "weights");
    }

    [Theory]
    [InlineData("Fit", "gave no batch in epoch 2: it is used up, since it can be read only once.")]
    [InlineData("Test", "gave no batch, so there is nothing to evaluate: it is empty, or a sequence that can be read only once")]
    [InlineData(
        "Evaluate",
        "gave no batch, so there is nothing to evaluate: it is empty, or a sequence that can be read only once"
    )]
    [InlineData(
        "Predict",
        "gave no batch, so there is nothing to predict: it is empty, or a sequence that can be read only once"
    )]
    [InlineData(
        "OverfitOneBatch",
        "gave no batch, so there is nothing to try: it is empty, or a sequence that can be read only once"
    )]
    public void SequenceThatIsUsedUp_IsSaidToBe(string use, string message)
    {
        using var data = new TinyData(16);
        using var model = TinyModel.Create();
        var queue = new Queue<Batch>(data.Read(new BatchRequest { BatchSize = 8 }).ToList());
        var source = BatchSource.From("queue", Once(queue));
        Exception error = Assert.ThrowsAny<ArgumentException>(() =>
        {
            _ = use switch
            {
                "Fit" => (object)new Trainer(Options).Fit(model, source),
                "Test" => new Trainer(Options).Fit(model, data, source),
                "Evaluate" => Twice(() => new Trainer(Options).Evaluate(model, source)),
                "Predict" => Twice(() => new Trainer(Options).Predict(model, source)),
                _ => Twice(() =>
                {
                    queue.Clear();
                    return new Trainer(Options).OverfitOneBatch(model, source);
                }),
            };
        });
        Assert.Contains($"'queue' {message}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("DropLast", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PredictOfOutputsOfDifferentLength_NamesTheBatchAndBothShapes_AndPredictBatchesGivesThem()
    {
        using var model = nn.Sequential(("tanh", nn.Tanh()));
        Batch Of(int length) => new(zeros(2, length), zeros(2));
        var source = BatchSource.From("sentences", [Of(5), Of(5), Of(7)]);
        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(Options).Predict(model, source));
        Assert.Contains(
            "batch 3 of 'sentences' have shape [2, 7], and those of batch 1 [2, 5]",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal([5L, 5L, 7L], new Trainer(Options).PredictBatches(model, source).Select(part => part.size(1)));
    }

    public static TheoryData<string> Shortcuts => [.. Missing.Keys];

    private static Dictionary<string, Func<object?>> Missing =>
        new()
        {
            ["accuracy"] = () => Result.Accuracy,
            ["loss"] = () => (Result with { Metrics = new Dictionary<string, double> { ["f1"] = 1 } }).Loss,
            ["r2"] = () => Result["r2"],
            ["train_loss"] = () => Epoch.TrainLoss,
            ["test_accuracy"] = () => History["test_accuracy"],
        };

    [Theory]
    [MemberData(nameof(Shortcuts))]
    public void MetricThatIsNotThere_IsNamed_WithThoseThereAre(string metric)
    {
        var error = Assert.Throws<KeyNotFoundException>(() => Missing[metric]());
        Assert.Contains($"'{metric}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("f1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesOfMetrics_CannotSteerATerminal_InAnyException()
    {
        using var data = new TinyData(16);
        using var model = TinyModel.Create();
        var hostile = Options with { Metrics = [new Named(Hostile)] };
        var history = new Trainer(hostile).Fit(model, data);
        Action[] causes =
        [
            () => _ = new Trainer(hostile).Evaluate(model, data).Accuracy,
            () => _ = new Trainer(hostile).Evaluate(model, data)[Hostile + "?"],
            () => _ = history["test_" + Hostile],
            () => _ = new Trainer(hostile with { Metrics = [new Named(Hostile), new Named(Hostile)] }),
            () => new Trainer(hostile) { Callbacks = { new EarlyStopping { Monitor = Hostile } } }.Fit(model, data),
            () => new Trainer(hostile) { Callbacks = { new EarlyStopping { Monitor = "no" } } }.Fit(model, data),
        ];
        Assert.All(
            causes,
            cause =>
            {
                string message = Assert.ThrowsAny<Exception>(cause).Message;
                Assert.Contains("[31mred", message, StringComparison.Ordinal);
                Assert.DoesNotContain(
                    message,
                    character => character is '\u001b' or '\u202e' or '\u2066' or '\u0007' or '\u200b'
                );
            }
        );
    }

    private static EvaluationResult Result =>
        new()
        {
            Metrics = new Dictionary<string, double> { ["loss"] = 1, ["f1"] = 0.5 },
            SampleCount = 1,
            Seconds = 1,
        };

    private static EpochRecord Epoch =>
        new()
        {
            Epoch = 1,
            Metrics = new Dictionary<string, double> { ["f1"] = 1 },
            LearningRate = 1,
            Seconds = 1,
            SamplesPerSecond = 1,
            Steps = 1,
            Samples = 1,
        };

    private static TrainingHistory History
    {
        get
        {
            var history = new TrainingHistory();
            history.Add(Epoch);
            return history;
        }
    }

    private static object Twice(Func<object> read)
    {
        read();
        return read();
    }

    private static IEnumerable<Batch> Once(Queue<Batch> batches)
    {
        while (batches.TryDequeue(out var batch))
        {
            yield return batch;
        }
    }

    private sealed class Named(string name) : Metric
    {
        public override string Name => name;

        public override bool HigherIsBetter => true;

        public override Tensor Measure(Tensor outputs, Tensor targets) => zeros(1);

        public override double Compute(ReadOnlySpan<double> total, long sampleCount) => 0;
    }
}

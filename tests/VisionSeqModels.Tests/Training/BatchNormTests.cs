using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Every part of the library treats the batch normalisations of a ResNet right.</summary>
[Collection("Torch")]
public sealed class BatchNormTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 8,
        Seed = 1,
        Device = "cpu",
        DefaultCallbacks = false,
        Optimizer = new SgdOptions { LearningRate = 0.05, Momentum = 0.9 },
    };

    public static TheoryData<string> Averages => ["ema", "swa"];

    public static TheoryData<int> StopSteps => [1, 3, 4];

    [Fact]
    public void Evaluation_UsesRunningStatistics_AndChangesNone()
    {
        using var scope = NewDisposeScope();
        using var model = Build();
        using var data = new Images(20);
        var trainer = new Trainer(Options);
        trainer.Fit(model, data);
        var before = State(model);
        var whole = trainer.Predict(model, data);
        var single = new Trainer(Options with { EvaluationBatchSize = 1 }).Predict(model, data); // no statistics of a batch
        TensorAssert.Close(whole, single, 1e-5, "outputs");
        AssertSame(before, State(model));
        Assert.True(model.modules().All(module => module.training));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void SameSeed_GivesTheSameBits_AlsoWithAccumulation(int accumulation)
    {
        using var scope = NewDisposeScope();
        using var data = new Images(20);
        var states = Enumerable
            .Range(0, 2)
            .Select(_ =>
            {
                using var model = Build();
                new Trainer(Options with { GradientAccumulationSteps = accumulation }).Fit(model, data, data);
                return State(model);
            })
            .ToList();
        AssertSame(states[0], states[1]);
        // three batches an epoch, whatever a step is
        Assert.All(
            states[0].Where(entry => entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)),
            entry => Assert.Equal(6, entry.Value.item<long>())
        );
    }

    [Theory]
    [MemberData(nameof(StopSteps))]
    public void RunThatIsResumed_HasTheBitsOfOneInOnePiece(int step)
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        using var data = new Images(20);
        using var whole = Build();
        new Trainer(Options).Fit(whole, data, data);
        using var model = Build();
        var options = Options with { RunDirectory = folder["run"], SaveStateEverySteps = 1 };
        using var source = new CancellationTokenSource();
        new Trainer(options) { Callbacks = { new CancelAt(step, source) } }.Fit(model, data, data, source.Token);
        using var resumed = Build();
        new Trainer(options).Resume(folder["run"], resumed, data, data);
        AssertSame(State(whole), State(resumed));
    }

    [Fact]
    public void FrozenStage_KeepsWeightsAndStatistics_WhileTheOthersMove()
    {
        using var scope = NewDisposeScope();
        using var data = new Images(20);
        using var model = Build();
        var before = State(model);
        new Trainer(Options with { Freezing = [new Freeze("conv1.*"), new Freeze("bn1.*"), new Freeze("layer1.*")] }).Fit(
            model,
            data
        );
        foreach (var (name, tensor) in State(model))
        {
            bool same = tensor.eq(before[name]).all().item<bool>();
            bool isFrozen = name.Split('.')[0] is "conv1" or "bn1" or "layer1";
            Assert.True(same == isFrozen, name);
        }

        Assert.True(model.modules().All(module => module.training)); // as before
    }

    [Fact]
    public void LastBatchOfOneImage_IsRefusedWhereAChannelHasOneValue_AndDroppedOnRequest()
    {
        using var scope = NewDisposeScope();
        using var data = new Images(17, side: 2);
        using var model = Build();
        var refusal = Assert.ThrowsAny<InvalidOperationException>(() => new Trainer(Options).Fit(model, data));
        Assert.Contains("one value for each channel", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("layer2.0", refusal.Message, StringComparison.Ordinal);
        var history = new Trainer(Options with { DropLast = true }).Fit(model, data);
        Assert.Equal(StopReason.Completed, history.StopReason);
    }

    /// <summary>The statistics of the first normalisation are those of what the averaged convolution gives.</summary>
    [Theory]
    [MemberData(nameof(Averages))]
    public void AveragedWeights_HaveStatisticsOfTheirOwn_OnRequest(string average)
    {
        using var scope = NewDisposeScope();
        using var data = new Images(24); // batches of one size
        Assert.True(Distance(recompute: true) < 1e-5);
        Assert.True(Distance(recompute: false) > 1e-3);

        double Distance(bool recompute)
        {
            using var model = Build();
            using var swa = new StochasticWeightAverage { StartEpoch = 1, RecomputeStatistics = recompute };
            Callback callback = average == "swa" ? swa : new ExponentialMovingAverage { RecomputeStatistics = recompute };
            var history = new Trainer(Options) { Callbacks = { callback } }.Fit(model, data, data);
            var state = State(model);
            var maps = nn.functional.conv2d(data.Pixels, state["conv1.weight"], padding: [1, 1]);
            double found = new Trainer(Options).Evaluate(model, data).Loss; // what was evaluated is what the model got
            Assert.Equal(found, history[$"test_loss_{average}"][^1], 1e-6);
            return (maps.mean([0, 2, 3]) - state["bn1.running_mean"]).norm().ToDouble();
        }
    }

    [Theory]
    [MemberData(nameof(Averages))]
    public void RecomputedStatistics_AreNoneOfAFrozenNormalisation_AndLeaveTrainingAlone(string average)
    {
        using var scope = NewDisposeScope();
        using var data = new Images(24);
        var options = Options with { Freezing = [new Freeze("bn1.*")] };
        using var plain = Build();
        var initial = State(plain);
        new Trainer(options).Fit(plain, data, data);
        using var model = Build();
        using var swa = new StochasticWeightAverage
        {
            StartEpoch = 1,
            RecomputeStatistics = true,
            ApplyAtEnd = false,
        };
        Callback callback =
            average == "swa" ? swa : new ExponentialMovingAverage { RecomputeStatistics = true, ApplyAtEnd = false };
        new Trainer(options) { Callbacks = { callback } }.Fit(model, data, data);
        AssertSame(State(plain), State(model));
        TensorAssert.Identical(initial["bn1.running_mean"], State(model)["bn1.running_mean"], "frozen");
        if (average == "swa")
        {
            TensorAssert.Identical(initial["bn1.running_mean"], swa.Mean["bn1.running_mean"], "frozen");
        }
    }

    private static ResNet Build() =>
        VisionModels.ResNet(
            new ResNetOptions
            {
                InputChannels = 1,
                BlockCounts = [1, 1],
                Widths = [4, 8],
                ClassCount = 3,
                Shortcut = ResNetShortcut.Projection,
                Seed = 3,
            }
        );

    private static Dictionary<string, Tensor> State(nn.Module model) =>
        model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());

    private static void AssertSame(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        foreach (var (name, tensor) in expected)
        {
            TensorAssert.Identical(tensor, actual[name], name);
        }
    }

    private sealed class CancelAt(int step, CancellationTokenSource source) : Callback
    {
        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Context.Step == step)
            {
                source.Cancel();
            }
        }
    }

    private sealed class Images : IBatchSource, IDisposable
    {
        private readonly Tensor _labels;

        public Images(int count, int side = 8)
        {
            Pixels = (rand([count, 1, side, side], generator: new Generator(1)) + 0.3).DetachFromDisposeScope();
            _labels = arange(count, dtype: ScalarType.Int64).remainder(3).DetachFromDisposeScope();
        }

        public Tensor Pixels { get; }

        public string Name => "noise";

        public long? SampleCount => Pixels.size(0);

        public IEnumerable<Batch> Read(BatchRequest request)
        {
            long count = Pixels.size(0);
            for (long begin = (long)request.SkipBatches * request.BatchSize; begin < count; begin += request.BatchSize)
            {
                long size = Math.Min(request.BatchSize, count - begin);
                if (size == request.BatchSize || !request.DropLast)
                {
                    yield return new Batch(Pixels.narrow(0, begin, size), _labels.narrow(0, begin, size));
                }
            }
        }

        public void Dispose()
        {
            Pixels.Dispose();
            _labels.Dispose();
        }
    }
}

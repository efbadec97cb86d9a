using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Training in shards: the same bits, whoever computes which shard.</summary>
[Collection("Torch")]
public sealed class ShardTests
{
    private static readonly TrainerOptions Tiny = new()
    {
        Epochs = 2,
        BatchSize = 16,
        Seed = 1,
        Device = "cpu",
        Shards = 4,
        DefaultCallbacks = false,
    };

    public static TheoryData<string> Models => [.. ShardScenario.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public void AnyNumberOfRanks_GivesTheSameBits(string model)
    {
        var scenario = new ShardScenario(model);
        string alone = ThreadRanks.Run(1, _ => scenario.Run(null)).Single();
        Assert.EndsWith("Completed 6", alone, StringComparison.Ordinal);
        foreach (int ranks in new[] { 1, 2, 3, 4, 8 })
        {
            Assert.All(ThreadRanks.Run(ranks, exchange => scenario.Run(exchange)), sum => Assert.Equal(alone, sum));
        }
    }

    [Theory]
    [InlineData("lenet", 4, 2)]
    [InlineData("gru", 1, 3)]
    [InlineData("resnet", 3, 8)]
    public void ARun_StoppedWithinAnEpoch_IsResumedByAnotherNumberOfRanks(string model, int before, int after)
    {
        using var folder = new TempFolder();
        var scenario = new ShardScenario(model);
        string whole = ThreadRanks.Run(1, _ => scenario.Run(null)).Single();
        string[] stopped = ThreadRanks.Run(
            before,
            exchange =>
            {
                using var source = new CancellationTokenSource();
                var extra = new CancelAt(exchange.Rank == before - 1 ? source : null, step: 3);
                var part = scenario with { Extra = extra, Options = Within(scenario.Options, folder, exchange.Rank) };
                return part.Run(exchange, source.Token);
            }
        );
        Assert.All(stopped, sum => Assert.EndsWith("Cancelled 3", sum, StringComparison.Ordinal));
        Assert.False(Directory.Exists(folder["other"])); // rank 0 alone writes
        string[] resumed = ThreadRanks.Run(
            after,
            exchange => (scenario with { Options = Within(scenario.Options, folder, exchange.Rank) }).Run(exchange)
        );
        Assert.All(resumed, sum => Assert.Equal(whole, sum));
    }

    [Fact]
    public void Shards_AreTheWholeBatch_UpToRounding()
    {
        using var data = new TinyData(60);
        using var whole = TinyModel.Create();
        using var split = TinyModel.Create();
        var one = new Trainer(Tiny with { Shards = 1, ClipGradientNorm = 0.1 }).Fit(whole, data, data);
        var other = new Trainer(Tiny with { Shards = 5, ClipGradientNorm = 0.1 }).Fit(split, data, data);
        foreach (var (name, value) in one.Epochs[1].Metrics)
        {
            Assert.Equal(value, other.Epochs[1].Metrics[name], 1e-5);
        }

        foreach (var (name, value) in whole.state_dict())
        {
            TensorAssert.Close(value, split.state_dict()[name], 1e-5, name);
        }
    }

    [Fact]
    public void WeightsOfClasses_CountOverTheWholeBatch()
    {
        using var data = new TinyData(60);
        using var whole = TinyModel.Create();
        using var split = TinyModel.Create();
        var options = Tiny with { Loss = Losses.CrossEntropy(classWeights: [1, 5]) };
        new Trainer(options with { Shards = 1 }).Fit(whole, data);
        new Trainer(options).Fit(split, data);
        foreach (var (name, value) in whole.state_dict())
        {
            TensorAssert.Close(value, split.state_dict()[name], 1e-5, name);
        }
    }

    [Fact]
    public void Buffers_BecomeTheMeanOfTheShards_AndThoseThatNobodyChangesKeepTheirBits()
    {
        using var scope = NewDisposeScope();
        var inputs = randn(10, 2);
        var targets = zeros(10, dtype: ScalarType.Int64);
        using var model = new WithBuffers();
        var before = model.Mask.clone();
        var options = Tiny with { Epochs = 1, Shards = 3, BatchSize = 10, Shuffle = false };
        new Trainer(options).Fit(model, BatchSource.From("one", [new Batch(inputs, targets)]));

        // each shard of 4, 3 and 3 samples: 0.9 · 0 + 0.1 · its mean
        var means = new[] { (0, 4), (4, 3), (7, 3) }.Select(part =>
            inputs.narrow(0, part.Item1, part.Item2).mean([0L]) * 0.1 * part.Item2
        );
        var expected = means.Aggregate((sum, one) => sum + one) / 10;
        TensorAssert.Close(expected, model.Norm.running_mean!, 1e-6, "running_mean");
        Assert.Equal(before.bytes.ToArray(), model.Mask.bytes.ToArray());
        Assert.Equal(1, model.Norm.num_batches_tracked!.ToInt64());
    }

    [Fact]
    public void AParameterThatNoShardUses_HasNoGradient()
    {
        using var data = new TinyData(32);
        using var model = new WithIdleLayer();
        var before = model.Idle.weight.clone();
        var optimizer = new SgdOptions { LearningRate = 0.1, WeightDecay = 0.5 };
        ThreadRanks.Run(1, _ => new Trainer(Tiny with { Optimizer = optimizer }).Fit(model, data));
        Assert.True(model.Idle.weight.grad is null);
        Assert.Equal(before.bytes.ToArray(), model.Idle.weight.bytes.ToArray());
    }

    [Fact]
    public void EachShard_DrawsNumbersOfItsOwn()
    {
        using var scope = NewDisposeScope();
        var seen = new Remembers();
        using var data = ShardScenario.Images(16, seed: 1);
        using var model = new ShardScenario("lenet").NewModel();
        new Trainer(Tiny with { Epochs = 1, Augmentations = [seen] }).Fit(model, data);
        Assert.Equal(4, seen.Drawn.Count);
        Assert.Equal(4, seen.Drawn.Distinct().Count());
    }

    [Fact]
    public void InitialWeights_AreThoseOfRank0()
    {
        var scenario = new ShardScenario("lenet") { ModelSeed = null };
        string[] sums = ThreadRanks.Run(3, exchange => scenario.Run(exchange));
        Assert.Single(sums.Distinct());
    }

    [Fact]
    public void ACallbackRunsOnAllRanksOrOnRank0_AsItDeclares()
    {
        int[] everywhere = new int[3];
        int[] first = new int[3];
        ThreadRanks.Run(
            3,
            exchange =>
            {
                using var data = new TinyData(32);
                using var model = TinyModel.Create();
                var trainer = new Trainer(Tiny)
                {
                    Exchange = exchange,
                    Callbacks =
                    {
                        new Counts(CallbackStage.Observe, e => everywhere[e.Context.Rank]++),
                        new Counts(CallbackStage.Report, e => first[exchange.Rank]++),
                    },
                };
                return trainer.Fit(model, data);
            }
        );
        Assert.Equal([4, 4, 4], everywhere);
        Assert.Equal([4, 0, 0], first);
    }

    [Fact]
    public void ARequestOfRank0Alone_EndsAllRanksAtTheSameStep()
    {
        var histories = ThreadRanks.Run(
            3,
            exchange =>
            {
                using var data = new TinyData(64);
                using var model = TinyModel.Create();
                var stop = new Counts(CallbackStage.Report, e => Stop(e));
                return new Trainer(Tiny) { Exchange = exchange, Callbacks = { stop } }.Fit(model, data);
            }
        );
        Assert.All(histories, history => Assert.Equal(3, history.Steps));
        Assert.All(
            histories,
            history => Assert.Equal((StopReason.StoppedEarly, "enough"), (history.StopReason, history.StopMessage))
        );

        static void Stop(StepEndEvent e)
        {
            if (e.Step == 3)
            {
                e.Context.RequestStop("enough");
            }
        }
    }

    [Fact]
    public void Predictions_AreThoseOfTheTraining_OnAnyRank()
    {
        using var data = new TinyData(50);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Tiny with { EvaluationBatchSize = 9 });
        var history = trainer.Fit(model, data, data);
        Assert.Equal(history.Epochs[1].Metrics["test_loss"], trainer.Evaluate(model, data)["loss"]);
        using var outputs = trainer.Predict(model, data);
        Assert.Equal(50, outputs.size(0));
    }

    [Fact]
    public void TwoRanks_SendEachGradientOnce_AndItsSumOnce()
    {
        using var model = TinyModel.Create();
        long numbers = model.parameters().Sum(parameter => parameter.numel());
        ThreadRanks.Run(2, exchange => Fit(exchange, epochs: 1), out long one);
        ThreadRanks.Run(2, exchange => Fit(exchange, epochs: 2), out long two);
        long rows = 4 * numbers; // two shards a rank: half of each row goes to the other rank, on both
        long sums = numbers; // half of the sums goes to the other rank, on both
        long gradients = 4 * sizeof(float) * ((rows / 2) + sums); // in four steps
        Assert.InRange(two - one, gradients, gradients + 4000); // and outputs, losses, heads

        static TrainingHistory Fit(IShardExchange exchange, int epochs)
        {
            using var data = new TinyData(64);
            using var model = TinyModel.Create();
            return new Trainer(Tiny with { Epochs = epochs }) { Exchange = exchange }.Fit(model, data);
        }
    }

    [Fact]
    public void Shards_LeaveNoTensorsBehind()
    {
        using var data = new TinyData(40);
        using var model = TinyModel.Create();
        var trainer = new Trainer(Tiny with { GradientAccumulationSteps = 2 });
        trainer.Fit(model, data, data);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        trainer.Fit(model, data, data);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>The folder for rank 0, another one for the rest: they need not see it.</summary>
    private static TrainerOptions Within(TrainerOptions options, TempFolder folder, int rank) =>
        options with
        {
            RunDirectory = rank == 0 ? folder["run"] : folder["other"],
        };

    private sealed class CancelAt(CancellationTokenSource? source, int step) : Callback
    {
        protected internal override bool RunsOnAllRanks => true;

        public override CallbackStage Stage => CallbackStage.Report;

        public override void OnStepEnd(StepEndEvent e)
        {
            if (e.Step == step)
            {
                source?.Cancel();
            }
        }
    }

    private sealed class Counts(CallbackStage stage, Action<StepEndEvent> action) : Callback
    {
        public override CallbackStage Stage => stage;

        public override void OnStepEnd(StepEndEvent e) => action(e);
    }

    private sealed class Remembers : Augmentation
    {
        public List<double> Drawn { get; } = [];

        public override Tensor Apply(Tensor images)
        {
            Drawn.Add(rand(1).ToDouble());
            return images.alias();
        }
    }

    private sealed class WithBuffers : nn.Module<Tensor, Tensor>
    {
        public WithBuffers()
            : base("buffers")
        {
            register_module("norm", Norm);
            register_buffer("mask", Mask);
        }

        public TorchSharp.Modules.BatchNorm1d Norm { get; } = nn.BatchNorm1d(2);

        public Tensor Mask { get; } = tensor(new[] { 0.1f, float.NegativeInfinity, -0.0f });

        public override Tensor forward(Tensor input) => Norm.forward(input);
    }

    private sealed class WithIdleLayer : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear _out = nn.Linear(2, 2);

        public WithIdleLayer()
            : base("idle")
        {
            register_module("idle", Idle);
            register_module("out", _out);
        }

        public TorchSharp.Modules.Linear Idle { get; } = nn.Linear(2, 2);

        public override Tensor forward(Tensor input) => _out.forward(input);
    }
}

using TorchSharp;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

[Collection("Torch")]
public sealed class PrecisionTests
{
    private static readonly TrainerOptions BFloat16 = new()
    {
        Epochs = 2,
        BatchSize = 32,
        Seed = 1,
        Device = "cpu",
        Precision = TrainingPrecision.BFloat16,
    };

    [Fact]
    public void Modules_ComputeInBFloat16_AndEverythingElseIsFloat32()
    {
        using var data = new TinyData(64);
        using var model = new Spy();
        var seen = new HashSet<ScalarType>();
        var watch = new Watch(e =>
            seen.UnionWith([e.Loss.dtype, e.Outputs.dtype, .. model.parameters().Select(p => p.grad!.dtype)])
        );
        new Trainer(BFloat16 with { Optimizer = new SgdOptions() }) { Callbacks = { watch } }.Fit(model, data);
        Assert.Equal([ScalarType.BFloat16], model.Seen);
        Assert.Equal([ScalarType.Float32], seen);
        Assert.All(model.state_dict().Values, tensor => Assert.Equal(ScalarType.Float32, tensor.dtype));
    }

    [Fact]
    public void Evaluation_IsInFloat32()
    {
        using var data = new TinyData(64);
        using var model = new Spy();
        new Trainer(BFloat16).Evaluate(model, data);
        Assert.Equal([ScalarType.Float32], model.Seen);
    }

    /// <summary>In bfloat16 a weight of 1 cannot move by less than 1/256.</summary>
    [Fact]
    public void SmallSteps_AreNotLost()
    {
        using var data = new TinyData(64);
        using var model = new Spy();
        using (no_grad())
        {
            model.Inner.weight!.fill_(1);
        }

        new Trainer(
            BFloat16 with
            {
                Epochs = 1,
                Optimizer = new SgdOptions { LearningRate = 1e-4 },
            }
        ).Fit(model, data);
        float[] weights = model.Inner.weight!.detach().data<float>().ToArray();
        Assert.All(weights, weight => Assert.InRange(Math.Abs(weight - 1), 1e-8, 1e-3));
    }

    [Fact]
    public void AFaultWithinAPass_LeavesTheModelInFloat32()
    {
        using var data = new TinyData(64);
        using var model = new Spy { Fault = true };
        float[] before = model.Inner.weight!.detach().data<float>().ToArray();
        Assert.Throws<InvalidOperationException>(() => new Trainer(BFloat16).Fit(model, data));
        Assert.Equal(before, model.Inner.weight.detach().data<float>().ToArray());
        Assert.Equal(ScalarType.Float32, model.Inner.weight.dtype);
    }

    [Fact]
    public void BatchNormalisation_KeepsFloat32_AndBuffersKeepTheirBits()
    {
        using var data = new TinyData(64);
        using var inner = nn.BatchNorm1d(2);
        using var model = new WithBuffer(inner);
        using var before = model.Table.clone();
        new Trainer(BFloat16).Fit(model, data);
        TensorAssert.Identical(before, model.Table, "a buffer that nothing changes");
        Assert.Equal(4, inner.num_batches_tracked!.ToInt64());
        Assert.NotEqual(0, inner.running_mean![0].ToSingle());
        Assert.NotEqual(
            inner.running_mean[0].ToSingle(),
            inner.running_mean[0].to_type(ScalarType.BFloat16).ToSingle() // rounded it would be equal
        );
    }

    /// <summary>With weights that bfloat16 has exactly, and data likewise, one step of a linear model is the same.</summary>
    [Fact]
    public void GradientsOfAWindow_AreAddedInFloat32()
    {
        float[] Gradient(TrainingPrecision precision)
        {
            using var scope = NewDisposeScope();
            using var model = new Spy();
            using (no_grad())
            {
                model.Inner.weight!.zero_();
                model.Inner.bias!.zero_();
            }

            var batches = new List<Batch>();
            for (int i = 0; i < 3; i++)
            {
                batches.Add(new Batch(full([1, 2], i == 0 ? 1f : 1f / 512), zeros(1, dtype: ScalarType.Int64)));
            }

            var options = BFloat16 with
            {
                Epochs = 1,
                Precision = precision,
                GradientAccumulationSteps = 3,
                Optimizer = new SgdOptions { LearningRate = 1 },
            };
            new Trainer(options).Fit(model, BatchSource.From("three", batches, 3));
            return [.. model.Inner.weight!.detach().data<float>()];
        }

        Assert.Equal(Gradient(TrainingPrecision.Float32), Gradient(TrainingPrecision.BFloat16));
    }

    [Theory]
    [InlineData(RecurrentCell.Rnn)]
    [InlineData(RecurrentCell.Lstm)]
    [InlineData(RecurrentCell.Gru)]
    public void RecurrentModels_LearnWithSequencesOfAnyLength(RecurrentCell cell)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = SequenceModels.Build(
            cell,
            new RecurrentOptions
            {
                InputSize = 2,
                HiddenSize = 8,
                ClassCount = 2,
                Seed = 1,
            }
        );
        var inputs = randn(64, 5, 2);
        var targets = inputs.select(1, 0).select(1, 0).gt(0).to_type(ScalarType.Int64);
        var batch = new Batch(inputs, targets, tensor(Enumerable.Range(0, 64).Select(i => 1L + (i % 5)).ToArray()));
        var history = new Trainer(
            BFloat16 with
            {
                Epochs = 30,
                Optimizer = new AdamOptions { LearningRate = 0.02 },
            }
        ).Fit(model, BatchSource.From("signs", [batch], 64));
        Assert.InRange(history.Epochs[^1].Metrics["train_loss"], 0, history.Epochs[0].Metrics["train_loss"] * 0.7);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
    }

    [Fact]
    public void Shards_ComputeInBFloat16Too()
    {
        using var data = new TinyData(64);
        using var model = new Spy();
        new Trainer(BFloat16 with { Shards = 2 }).Fit(model, data);
        Assert.Equal([ScalarType.BFloat16], model.Seen);
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
    }

    [Fact]
    public void TheRecord_SaysSo_OnlyWhereItIsNotFloat32()
    {
        using var data = new TinyData(64);
        Assert.Equal("bfloat16", (string?)OptionsJson.Of(BFloat16, data)["precision"]);
        Assert.False(OptionsJson.Of(BFloat16 with { Precision = TrainingPrecision.Float32 }, data).ContainsKey("precision"));
    }

    [Theory]
    [InlineData(TrainingPrecision.Float32, TrainingPrecision.BFloat16, "precision null became \"bfloat16\"")]
    [InlineData(TrainingPrecision.BFloat16, TrainingPrecision.Float32, "precision \"bfloat16\" became null")]
    public void AResumedRun_MayChangeIt_AndThatIsRecorded(TrainingPrecision before, TrainingPrecision after, string change)
    {
        using var data = new TinyData(64);
        var saved = OptionsJson.Of(BFloat16 with { Precision = before }, data);
        Assert.Equal([change], OptionsJson.Differences(saved, OptionsJson.Of(BFloat16 with { Precision = after }, data), null));
    }

    /// <summary>Three seeds each; the spread of float32 alone is about one part in a hundred.</summary>
    [Fact]
    public void Accuracy_IsThatOfFloat32_WithinNoise()
    {
        using var images = SyntheticImages.Create(
            new()
            {
                TrainCount = 1_000,
                TestCount = 500,
                Size = 16,
                Varied = false,
            }
        );
        double Mean(TrainingPrecision precision) =>
            Enumerable
                .Range(1, 3)
                .Average(seed =>
                {
                    using var model = VisionModels.LeNet(LeNetOptions.For(images) with { Seed = seed });
                    var options = BFloat16 with { Epochs = 4, Seed = seed, Precision = precision };
                    return new Trainer(options).Fit(model, images.Train, images.Test).Epochs[^1].Metrics["test_accuracy"];
                });
        double exact = Mean(TrainingPrecision.Float32);
        Assert.InRange(exact, 0.5, 1);
        Assert.Equal(exact, Mean(TrainingPrecision.BFloat16), 0.04);
    }

    private sealed class Watch(Action<StepEndEvent> look) : Callback
    {
        public override void OnStepEnd(StepEndEvent e) => look(e);
    }

    private sealed class Spy : nn.Module<Tensor, Tensor>
    {
        public Spy()
            : base(nameof(Spy)) => RegisterComponents();

        public TorchSharp.Modules.Linear Inner => inner;

        public HashSet<ScalarType> Seen { get; } = [];

        public bool Fault { get; init; }

#pragma warning disable IDE1006
        private readonly TorchSharp.Modules.Linear inner = nn.Linear(2, 2);
#pragma warning restore IDE1006

        public override Tensor forward(Tensor input)
        {
            Seen.UnionWith([input.dtype, inner.weight!.dtype]);
            return Fault ? throw new InvalidOperationException("a fault") : inner.call(input);
        }
    }

    private sealed class WithBuffer : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006
        private readonly TorchSharp.Modules.BatchNorm1d norm;
        private readonly TorchSharp.Modules.Linear last = nn.Linear(2, 2);
        private readonly Tensor table = tensor([1 / 3f, 2 / 3f]);
#pragma warning restore IDE1006

        public WithBuffer(TorchSharp.Modules.BatchNorm1d inner)
            : base(nameof(WithBuffer))
        {
            norm = inner;
            RegisterComponents();
        }

        public Tensor Table => table;

        public override Tensor forward(Tensor input) => last.call(norm.call(input) * table);
    }
}

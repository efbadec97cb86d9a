using TorchSharp;
using TorchSharp.Modules;
using VisionSeqModels.Data;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>What happens within an optimizer step.</summary>
[Collection("Torch")]
public sealed class StepTests
{
    [Theory]
    [InlineData(64, false)]
    [InlineData(90, false)] // a short last window, in it a short last batch
    [InlineData(90, true)]
    public void Accumulation_EqualsTheBigBatch_ShortLastWindowIncluded(int samples, bool classWeights)
    {
        using var data = new TinyData(samples);
        using var big = TinyModel.Create();
        using var small = TinyModel.Create();
        var options = Options() with { Loss = Losses.CrossEntropy(classWeights: classWeights ? [1, 3] : null) };
        var one = new Trainer(options with { BatchSize = 32 }).Fit(big, data);
        var other = new Trainer(options with { BatchSize = 8, GradientAccumulationSteps = 4 }).Fit(small, data);

        Assert.Equal(one.Steps, other.Steps);
        Assert.Equal(one.Epochs[0].TrainLoss, other.Epochs[0].TrainLoss, 1e-6);
        foreach (var (name, value) in big.state_dict())
        {
            TensorAssert.Close(value, small.state_dict()[name], 1e-5, name);
        }
    }

    [Fact]
    public void Accumulation_LeavesNoTensorsBehind()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var trainer = new Trainer(
            Options() with
            {
                BatchSize = 8,
                GradientAccumulationSteps = 3,
                ClipGradientNorm = 1,
                ClipGradientValue = 1,
                Epochs = 2,
            }
        );
        trainer.Fit(model, data, data);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        trainer.Fit(model, data, data);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1e6)]
    public void ClipGradientNorm_IsTorchs_AndTellsTheNormBefore(double limit)
    {
        using var data = new TinyData(32);
        using var ours = TinyModel.Create();
        using var plain = TinyModel.Create();
        var options = Options() with
        {
            Epochs = 1,
            ClipGradientNorm = limit,
            Optimizer = new SgdOptions { LearningRate = 1 },
        };
        double reported = 0;
        new Trainer(options) { Callbacks = { new OnStep(e => reported = e.GradientNorm!.ToDouble()) } }.Fit(ours, data);

        using var scope = NewDisposeScope();
        using var optimizer = optim.SGD(plain.parameters(), 1);
        var batch = data.Read(
                new BatchRequest
                {
                    BatchSize = 64,
                    Shuffle = true,
                    Seed = 1,
                }
            )
            .Single();
        nn.functional.cross_entropy(plain.call(batch.Inputs), batch.Targets).backward();
        double norm = nn.utils.clip_grad_norm_(plain.parameters(), limit);
        optimizer.step();

        Assert.Equal(norm, reported, 1e-6);
        foreach (var (name, value) in plain.state_dict())
        {
            TensorAssert.Close(value, ours.state_dict()[name], 1e-6, name);
        }
    }

    [Fact]
    public void ClipGradientValue_LimitsEveryElement()
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        double largest = 0;
        var options = Options() with { Epochs = 1, ClipGradientValue = 0.001 };
        new Trainer(options) { Callbacks = { new OnStep(e => largest = Largest(e.Context.Model)) } }.Fit(model, data);
        Assert.Equal(0.001, largest, 1e-9);
    }

    [Fact]
    public void OnGradientsReady_SeesUnclippedGradients_AndMayChangeThem()
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        double seen = 0;
        var options = Options() with
        {
            Epochs = 1,
            ClipGradientValue = 0.001,
            Optimizer = new SgdOptions { LearningRate = 1 },
        };
        var before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        new Trainer(options) { Callbacks = { new ZeroGradients(value => seen = value) } }.Fit(model, data);
        Assert.True(seen > 0.001, $"{seen}");
        foreach (var (name, value) in before)
        {
            TensorAssert.Identical(value, model.state_dict()[name], name);
            value.Dispose();
        }
    }

    [Fact]
    public void ParameterGroups_GiveSomeParametersTheirOwnRateAndDecay()
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        using var before = model.get_parameter("out.weight")!.clone();
        var options = Options() with
        {
            Epochs = 1,
            Optimizer = new AdamWOptions
            {
                ParameterGroups =
                [
                    new() { Parameters = "out.", LearningRateFactor = 0 },
                    new() { Parameters = "hidden.*as", WeightDecay = 0 },
                ],
            },
        };
        new Trainer(options).Fit(model, data);
        TensorAssert.Identical(before, model.get_parameter("out.weight")!, "out.weight");
        Assert.Throws<ArgumentException>(() =>
            new Trainer(options with { Optimizer = new AdamOptions { ParameterGroups = [new() { Parameters = "conv" }] } }).Fit(
                model,
                data
            )
        );
    }

    [Fact]
    public void FrozenParameters_StayAsTheyAre()
    {
        using var data = new TinyData(32);
        using var model = TinyModel.Create();
        model.get_parameter("hidden.weight")!.requires_grad = false;
        using var before = model.get_parameter("hidden.weight")!.clone();
        new Trainer(Options()).Fit(model, data);
        TensorAssert.Identical(before, model.get_parameter("hidden.weight")!, "hidden.weight");
    }

    // PyTorch 1.13's values for the same scores, labels and weights.
    [Theory]
    [InlineData(0, false, 1.6641528606414795)]
    [InlineData(0.1, false, 1.6458194255828857)]
    [InlineData(0, true, 1.9366264343261719)]
    [InlineData(0.1, true, 1.9196149110794067)]
    public void CrossEntropy_WithSmoothingAndWeights_IsPyTorchs(double smoothing, bool weights, double expected)
    {
        using var scope = NewDisposeScope();
        var scores = tensor(
            new float[,]
            {
                { 1, 2, 3 },
                { 0.5f, -1, 0 },
                { 2, 0, -2 },
                { 0.1f, 0.2f, 0.3f },
            }
        );
        var labels = tensor(new long[] { 0, 2, 1, 2 });
        var loss = Losses.CrossEntropy(smoothing, weights ? [1, 2, 0.5] : null);
        Assert.Equal(expected, loss.Compute(scores, labels).ToDouble(), 1e-6);
        Assert.Equal(weights ? 4 : null, loss.TotalWeight(labels)?.ToDouble());
    }

    [Fact]
    public void Augmentation_IsRepeatedByASeed_AndLeftOutOfEvaluation()
    {
        using var data = new TinyData(64);
        using var first = TinyModel.Create();
        using var second = TinyModel.Create();
        var options = Options() with { Augmentations = [new AddNoise()] };
        var one = new Trainer(options).Fit(first, data, data);
        var two = new Trainer(options).Fit(second, data, data);
        Assert.Equal(one["train_loss"], two["train_loss"]);
        Assert.Equal(one["test_loss"][^1], new Trainer(options).Evaluate(first, data).Loss);
    }

    [Fact]
    public void LogEverySteps_HandsTheMeansOfThoseSteps()
    {
        using var data = new TinyData(128);
        using var model = TinyModel.Create();
        var losses = new List<double>();
        var logged = new List<double>();
        var trainer = new Trainer(Options() with { Epochs = 1, BatchSize = 16, LogEverySteps = 4 })
        {
            Callbacks =
            {
                new OnStep(e =>
                {
                    losses.Add(e.Loss.ToDouble());
                    if (e.Logged is not null)
                    {
                        logged.Add(e.Logged["train_loss"]);
                    }
                }),
            },
        };
        trainer.Fit(model, data);
        Assert.Equal(2, logged.Count);
        Assert.Equal(losses[..4].Average(), logged[0], 1e-9);
        Assert.Equal(losses[4..].Average(), logged[1], 1e-9);
    }

    private static TrainerOptions Options() =>
        new()
        {
            Epochs = 2,
            BatchSize = 64,
            Seed = 1,
            Device = "cpu",
            Optimizer = new SgdOptions { LearningRate = 0.1, Momentum = 0.9 },
        };

    private static double Largest(nn.Module model) => model.parameters().Max(parameter => parameter.grad!.abs().max().ToDouble());

    private sealed class OnStep(Action<StepEndEvent> act) : Callback
    {
        public override void OnStepEnd(StepEndEvent e) => act(e);
    }

    private sealed class ZeroGradients(Action<double> saw) : Callback
    {
        public override void OnBeforeOptimizerStep(BeforeOptimizerStepEvent e)
        {
            saw(Largest(e.Context.Model));
            foreach (Parameter parameter in e.Context.Model.parameters())
            {
                parameter.grad!.zero_();
            }
        }
    }

    private sealed class AddNoise : Augmentation
    {
        public override Tensor Apply(Tensor images) => images + randn_like(images);
    }
}

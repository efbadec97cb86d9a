using TorchSharp;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Training;

/// <summary>Calls that try something out and must leave no trace.</summary>
[Collection("Torch")]
public sealed class DiagnosticRunTests
{
    [Theory]
    [InlineData("overfit", false)]
    [InlineData("overfit", true)]
    [InlineData("range", false)]
    [InlineData("range", true)]
    public void TrialRun_LeavesModelAndRunBitIdentical(string what, bool trainedBefore)
    {
        using var data = new TinyData(64);
        using var tried = NewModel();
        using var untried = NewModel();
        if (trainedBefore)
        {
            NewTrainer().Fit(tried, data); // gradients exist
            NewTrainer().Fit(untried, data);
        }

        tried.eval();
        untried.eval();
        manual_seed(4);
        using var random = rand(3);
        manual_seed(4);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ =
            what == "range"
                ? (object)NewTrainer().LearningRateRangeTest(tried, data, steps: 20)
                : NewTrainer().OverfitOneBatch(tried, data, steps: 20);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        using var drawnAfter = rand(3);
        TensorAssert.Identical(random, drawnAfter, "random state");

        Assert.False(tried.training);
        AssertSame(untried, tried);
        Assert.Equal(
            untried.parameters().Select(parameter => parameter.grad is null),
            tried.parameters().Select(parameter => parameter.grad is null)
        );
        var expected = NewTrainer().Fit(untried, data);
        var actual = NewTrainer().Fit(tried, data);
        Assert.Equal(expected["train_loss"], actual["train_loss"]);
        AssertSame(untried, tried);
    }

    [Fact]
    public void OverfitOneBatch_PassesForAModelThatCanLearn_AndFailsForOneThatCannot()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create(dropout: 0.5); // dropout is off, else it could not
        var trainer = new Trainer(
            new TrainerOptions
            {
                BatchSize = 16,
                Device = "cpu",
                Seed = 1,
                Optimizer = new AdamOptions { LearningRate = 0.05 },
            }
        );
        var passed = trainer.OverfitOneBatch(model, data);
        Assert.True(passed.Passed, passed.ToString());
        Assert.Equal(201, passed.Losses.Count);

        model.parameters().ToList().ForEach(parameter => parameter.requires_grad = false);
        model.get_parameter("out.bias")!.requires_grad = true; // cannot separate the classes
        Assert.False(trainer.OverfitOneBatch(model, data).Passed);
    }

    [Fact]
    public void RangeTest_RatesGrowGeometrically_AndItEndsWhereTheLossDiverges()
    {
        using var data = new TinyData(256);
        using var model = TinyModel.Create();
        var trainer = new Trainer(
            new TrainerOptions
            {
                BatchSize = 16,
                Device = "cpu",
                Seed = 1,
                Optimizer = new SgdOptions(),
            }
        );
        var range = trainer.LearningRateRangeTest(model, data, start: 1e-4, end: 1e4, steps: 81);
        Assert.Equal(1e-4, range.LearningRates[0], 1e-12);
        Assert.Equal(1e-3, range.LearningRates[10], 1e-9);
        Assert.True(range.LearningRates.Count < 81, "it did not end early");
        Assert.InRange(range.Suggestion!.Value, 1e-3, 100);
        Assert.True(range.Chart().ToPng().Length > 1000);
        Assert.Throws<InvalidOptionsException>(() => trainer.LearningRateRangeTest(model, data, start: 1, end: 0.1, steps: 1));
    }

    private static nn.Module<Tensor, Tensor> NewModel()
    {
        manual_seed(1);
        return nn.Sequential(
            ("hidden", nn.Linear(2, 8)),
            ("norm", nn.BatchNorm1d(8)),
            ("drop", nn.Dropout(0.2)),
            ("out", nn.Linear(8, 2))
        );
    }

    private static Trainer NewTrainer() =>
        new(
            new TrainerOptions
            {
                Epochs = 1,
                BatchSize = 16,
                Seed = 1,
                Device = "cpu",
            }
        );

    private static void AssertSame(nn.Module expected, nn.Module actual)
    {
        foreach (var (name, value) in expected.state_dict())
        {
            TensorAssert.Identical(value, actual.state_dict()[name], name);
        }
    }
}

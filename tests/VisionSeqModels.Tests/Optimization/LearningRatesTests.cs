using VisionSeqModels.Optimization;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>The rate of each group before a step: its own, times the schedule's factor, times the callbacks' scale.</summary>
[Collection("Torch")]
public sealed class LearningRatesTests
{
    private static readonly TrainingPlan Plan = new(Epochs: 4, StepsPerEpoch: 1);
    private static readonly ExponentialSchedule Halves = new() { Gamma = 0.5 };

    [Fact]
    public void Rate_IsTheGroupsOwn_TimesFactorAndScale()
    {
        using var model = TinyModel.Create();
        var group = new ParameterGroup("out.bias") { LearningRate = 0.8 };
        using var optimizer = new SgdOptions { LearningRate = 0.1, ParameterGroups = [group] }.Create(model);
        var rates = new LearningRates(optimizer, Halves, Plan);
        rates.Apply(0, 1);
        Assert.Equal([0.8, 0.1], Rates(optimizer));
        rates.Apply(2, 1);
        Assert.Equal([0.2, 0.025], Rates(optimizer));
        rates.Apply(1, 0.25);
        Assert.Equal([0.1, 0.0125], Rates(optimizer));
        rates.Apply(0, 1);
        Assert.Equal([0.8, 0.1], Rates(optimizer));
    }

    [Fact]
    public void GroupAddedLater_HasItsOwnRate_Too()
    {
        using var model = nn.Linear(1, 1);
        using var optimizer = optim.SGD([model.weight!], 0.1);
        var rates = new LearningRates(optimizer, Halves, Plan);
        rates.Apply(1, 1);
        optimizer.add_param_group(new TorchSharp.Modules.SGD.ParamGroup([model.bias!], 0.4));
        rates.Apply(1, 1);
        Assert.Equal([0.05, 0.2], Rates(optimizer));
    }

    [Fact]
    public void UnfrozenGroup_HasTheRateOfItsRule()
    {
        using var model = TinyModel.Create();
        using var freezer = new Freezer(
            model,
            [new Freeze("out.bias"), new Unfreeze("out.bias") { FromEpoch = 2, LearningRate = 0.8 }]
        );
        using var optimizer = freezer.CreateOptimizer(new SgdOptions { LearningRate = 0.1 });
        var rates = new LearningRates(optimizer, Halves, Plan, freezer);
        freezer.Begin(1);
        rates.Apply(0, 1);
        Assert.Equal([0.1, 0.1], Rates(optimizer));
        freezer.Begin(2);
        rates.Apply(1, 1);
        Assert.Equal([0.05, 0.4], Rates(optimizer));
    }

    [Theory]
    [InlineData(0.25, 0)] // the rise ends at its first step
    [InlineData(0.5, 1)]
    public void OneCycle_IsAtItsTop_WhereTheRiseEnds(double fraction, int step)
    {
        var schedule = new OneCycleSchedule { WarmupFraction = fraction };
        Assert.Equal(1, schedule.FactorAt(step, Plan), 1e-15);
        Assert.True(schedule.FactorAt(step + 1, Plan) < 1);
    }

    private static IEnumerable<double> Rates(optim.Optimizer optimizer) =>
        optimizer.ParamGroups.Select(group => Math.Round(group.LearningRate, 12));
}

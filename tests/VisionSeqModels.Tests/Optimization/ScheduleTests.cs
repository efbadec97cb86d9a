using System.Globalization;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Optimization;

[Collection("Torch")]
public sealed class ScheduleTests
{
    private static readonly TrainingPlan Plan = new(Epochs: 6, StepsPerEpoch: 5);

    // Learning rates of PyTorch 1.13's schedulers over 30 steps at 0.1, at the steps 0, 4, 8, 12, 17, 23 and 29.
    [Theory]
    [InlineData("step", "0.1 0.1 0.1 0.05 0.05 0.025 0.025")]
    [InlineData("exponential", "0.1 0.1 0.09 0.081 0.0729 0.06561 0.059049")]
    [InlineData(
        "cosine",
        "0.1 0.09610954559391702 0.08511087728614862 0.06890576474687264 0.045643973913200825 0.021558482853517264 "
            + "0.010246514708427697"
    )]
    [InlineData("one cycle", "0.004 0.052 0.1 0.09131197346804489 0.06112620219362893 0.0188258346050237 4e-07")]
    public void Schedule_IsPyTorchs(string name, string expected)
    {
        LearningRateSchedule schedule = name switch
        {
            "step" => new StepSchedule { EveryEpochs = 2, Gamma = 0.5 },
            "exponential" => new ExponentialSchedule { Gamma = 0.9 },
            "cosine" => new CosineSchedule { FinalFactor = 0.1 },
            _ => new OneCycleSchedule(),
        };
        int[] steps = [0, 4, 8, 12, 17, 23, 29];
        foreach (
            var (step, rate) in steps.Zip(expected.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)))
        )
        {
            Assert.Equal(rate, 0.1 * schedule.FactorAt(step, Plan), 1e-12);
        }
    }

    [Fact]
    public void Warmup_GrowsLinearlyToTheSchedule()
    {
        var schedule = new CosineSchedule { WarmupSteps = 4 };
        Assert.Equal([0.25, 0.5, 0.75, 1.0, 1.0], Enumerable.Range(0, 5).Select(step => schedule.FactorAt(step, Plan)));
        Assert.True(schedule.FactorAt(5, Plan) < 1);
        Assert.True(schedule.FactorAt(29, Plan) > 0);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(0.5, 3)] // 2.5 steps
    [InlineData(2.2, 11)]
    [InlineData(0.01, 0)]
    public void WarmupInEpochs_IsThatOfItsSteps_ForEverySchedule(double epochs, int steps)
    {
        LearningRateSchedule[] all =
        [
            new ConstantSchedule(),
            new CosineSchedule(),
            new ExponentialSchedule(),
            new StepSchedule(),
            new OneCycleSchedule(),
        ];
        Assert.All(
            all,
            schedule =>
                Assert.Equal(
                    Enumerable.Range(0, 30).Select(step => (schedule with { WarmupSteps = steps }).FactorAt(step, Plan)),
                    Enumerable.Range(0, 30).Select(step => (schedule with { WarmupEpochs = epochs }).FactorAt(step, Plan))
                )
        );
        Assert.Equal(
            typeof(Trainer).Assembly.GetExportedTypes().Count(type => type.IsSubclassOf(typeof(LearningRateSchedule))),
            all.Length
        );
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 1.5)]
    public void WarmupLongerThanTheRun_IsRefused_InBothUnits(int steps, double epochs)
    {
        using var data = new TinyData(16);
        using var model = TinyModel.Create();
        var options = new TrainerOptions
        {
            Epochs = 1,
            BatchSize = 8,
            Schedule = new CosineSchedule { WarmupSteps = steps, WarmupEpochs = epochs },
        };
        var error = Assert.Throws<ArgumentException>(() => new Trainer(options).Fit(model, data));
        Assert.Contains("warm-up of 3 steps is longer than the run of 2 steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScheduleOverDataOfUnknownLength_SaysSoBeforeTraining()
    {
        using var data = new TinyData();
        using var model = TinyModel.Create();
        var stream = BatchSource.From("stream", data.Read);
        var error = Assert.Throws<InvalidOperationException>(() =>
            new Trainer(new TrainerOptions { Schedule = new CosineSchedule() }).Fit(model, stream)
        );
        Assert.Contains("does not report how many batches it has", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_SetsTheRateBeforeEachStep_ForEveryGroup()
    {
        using var data = new TinyData(64);
        using var model = TinyModel.Create();
        var rates = new List<string>();
        var options = new TrainerOptions
        {
            Epochs = 2,
            BatchSize = 32,
            Seed = 1,
            Device = "cpu",
            Schedule = new StepSchedule { EveryEpochs = 1, Gamma = 0.5 },
            Optimizer = new SgdOptions
            {
                LearningRate = 0.1,
                ParameterGroups = [new ParameterGroup { Parameters = "out.", LearningRateFactor = 0.1 }],
            },
        };
        new Trainer(options) { Callbacks = { new Rates(rates) } }.Fit(model, data);
        Assert.Equal(["0.01 0.1", "0.01 0.1", "0.005 0.05", "0.005 0.05"], rates);
    }

    [Fact]
    public void Plateau_LowersTheRateAsPyTorchDoes()
    {
        double[] losses = [1.0, 0.9, 0.95, 0.91, 0.92, 0.93, 0.8, 0.85, 0.86, 0.87, 0.88, 0.89];
        // PyTorch 1.13: factor 0.5, patience 1, cooldown 1
        double[] expected = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125];
        using var data = new TinyData(8);
        using var model = TinyModel.Create();
        var scales = new List<double>();
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = losses.Length,
                Metrics = [new Scripted(losses)],
                Device = "cpu",
            }
        )
        {
            Callbacks =
            {
                new ReduceLearningRateOnPlateau
                {
                    Monitor = "test_scripted",
                    Factor = 0.5,
                    Patience = 1,
                    Cooldown = 1,
                },
                new Scales(scales),
            },
        };
        trainer.Fit(model, data, data);
        Assert.Equal(expected, scales);
    }

    private sealed class Rates(List<string> rates) : Callback
    {
        public override void OnStepEnd(StepEndEvent e) =>
            rates.Add(
                string.Join(
                    ' ',
                    e.Context.Optimizer.ParamGroups.Select(group =>
                        group.LearningRate.ToString("g4", CultureInfo.InvariantCulture)
                    )
                )
            );
    }

    private sealed class Scales(List<double> scales) : Callback
    {
        public override CallbackStage Stage => CallbackStage.Report;

        public override void OnEpochEnd(EpochEndEvent e) => scales.Add(e.Context.LearningRateScale);
    }
}

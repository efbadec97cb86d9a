using VisionSeqModels.Optimization;

namespace VisionSeqModels.Tests.Optimization;

/// <summary>Settings of optimizers, groups, schedules and rules of freezing at both sides of each bound.</summary>
public sealed class SettingsBoundsTests
{
    private const double Infinite = double.PositiveInfinity;

    [Theory]
    [InlineData(0, false, 0, "")]
    [InlineData(0, false, 0.5, "")]
    [InlineData(0, false, 1, "")]
    [InlineData(0.9, true, 0, "")]
    [InlineData(0, true, 0, "Nesterov must be false where Momentum is 0, but is True.")]
    [InlineData(0, false, 1.5, "Dampening must be from 0 to 1, and 0 with Nesterov, but is 1.5.")]
    [InlineData(0, false, -0.5, "Dampening must be from 0 to 1, and 0 with Nesterov, but is -0.5.")]
    [InlineData(0.9, true, 0.5, "Dampening must be from 0 to 1, and 0 with Nesterov, but is 0.5.")]
    public void Sgd_TakesNesterovWithMomentum_AndNoDampening(double momentum, bool nesterov, double dampening, string fault) =>
        Expect(
            fault,
            new SgdOptions
            {
                Momentum = momentum,
                Nesterov = nesterov,
                Dampening = dampening,
            }.Faults()
        );

    [Theory]
    [InlineData(null, 1, true)]
    [InlineData(null, 0.5, true)]
    [InlineData(0.0, 1, true)]
    [InlineData(0.1, 1, true)]
    [InlineData(0.1, 0.5, false)]
    [InlineData(-0.1, 1, false)]
    [InlineData(double.NaN, 1, false)]
    [InlineData(Infinite, 1, false)]
    public void RateOfAGroup_IsItsOwnOrAFactor(double? rate, double factor, bool isSound) =>
        Assert.Equal(
            isSound,
            new ParameterGroup("fc") { LearningRate = rate, LearningRateFactor = factor }
                .Faults()
                .Count == 0
        );

    [Theory]
    [InlineData(null, true)]
    [InlineData(0.0, true)]
    [InlineData(0.1, true)]
    [InlineData(-0.1, false)]
    [InlineData(Infinite, false)]
    public void DecayOfAGroup_IsNotNegative(double? decay, bool isSound) =>
        Assert.Equal(
            isSound,
            new ParameterGroup("fc") { WeightDecay = decay }
                .Faults()
                .Count == 0
        );

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "")]
    [InlineData(1.5, "FinalFactor must be from 0 to 1, but is 1.5.")]
    [InlineData(-0.5, "FinalFactor must be from 0 to 1, but is -0.5.")]
    public void FinalFactorOfACosine_IsAFraction(double factor, string fault) =>
        Expect(fault, new CosineSchedule { FinalFactor = factor }.Faults());

    [Theory]
    [InlineData(0, 5, "")]
    [InlineData(0.5, 0, "")]
    [InlineData(0.5, 5, "0.5")]
    [InlineData(-1, 0, "-1")]
    [InlineData(double.NaN, 0, "NaN")]
    [InlineData(Infinite, 0, "Infinity")]
    public void Warmup_IsInOneUnit(double epochs, int steps, string value) =>
        Expect(
            value.Length == 0
                ? ""
                : $"WarmupEpochs must be a finite number of at least 0, and 0 with WarmupSteps, but is {value}.",
            new ConstantSchedule { WarmupEpochs = epochs, WarmupSteps = steps }.Faults()
        );

    [Theory]
    [InlineData(0.3, 1, 1, "")]
    [InlineData(0, 25, 25, "WarmupFraction must be above 0 and below 1, but is 0.")]
    [InlineData(1, 25, 25, "WarmupFraction must be above 0 and below 1, but is 1.")]
    [InlineData(1.5, 25, 25, "WarmupFraction must be above 0 and below 1, but is 1.5.")]
    [InlineData(-0.5, 25, 25, "WarmupFraction must be above 0 and below 1, but is -0.5.")]
    [InlineData(0.3, 0.5, 25, "DivFactor must be a finite number of at least 1, but is 0.5.")]
    [InlineData(0.3, Infinite, 25, "DivFactor must be a finite number of at least 1, but is Infinity.")]
    [InlineData(0.3, 25, 0.5, "FinalDivFactor must be a finite number of at least 1, but is 0.5.")]
    [InlineData(0.3, 25, Infinite, "FinalDivFactor must be a finite number of at least 1, but is Infinity.")]
    public void OneCycle_RisesAndFalls(double fraction, double div, double finalDiv, string fault) =>
        Expect(
            fault,
            new OneCycleSchedule
            {
                WarmupFraction = fraction,
                DivFactor = div,
                FinalDivFactor = finalDiv,
            }.Faults()
        );

    [Fact]
    public void MissingPatternsAndPredicates_AreRefused()
    {
        Assert.Throws<ArgumentNullException>("pattern", () => new Freeze((string)null!));
        Assert.Throws<ArgumentException>("pattern", () => new Unfreeze(" "));
        Assert.Throws<ArgumentNullException>("predicate", () => new Freeze((Func<NamedParameter, bool>)null!));
        Assert.Throws<ArgumentNullException>("predicate", () => new Unfreeze((Func<NamedParameter, bool>)null!));
        Assert.Throws<ArgumentNullException>("predicate", () => new ParameterGroup((Func<NamedParameter, bool>)null!));
    }

    private static void Expect(string fault, IReadOnlyList<string> faults) =>
        Assert.Equal(fault.Length == 0 ? [] : [fault], faults);
}

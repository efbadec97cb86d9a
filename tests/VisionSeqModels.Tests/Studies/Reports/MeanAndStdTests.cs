using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class MeanAndStdTests
{
    [Fact]
    public void NoFiniteValue_IsNoText()
    {
        double?[][] none =
        [
            [],
            [null],
            [double.NaN, double.PositiveInfinity, double.NegativeInfinity],
        ];
        Assert.All(none, values => Assert.Equal((null, ""), (new MeanAndStd(values).Mean, new MeanAndStd(values).Text())));
    }

    [Theory]
    [InlineData("0.5000", 0.5)]
    [InlineData("2.0000 ± 1.0000", 1.0, 2.0, 3.0)]
    [InlineData("2.0000 ± 1.4142", 1.0, double.NaN, 3.0)]
    [InlineData("0.2500 ± 0.0000", 0.25, 0.25)]
    [InlineData("0.1000 ± 0.0000", 0.1, 0.1, 0.1)] // their sum divided by three is no longer 0.1
    [InlineData("2.000e-4 ± 1.414e-4", 0.0001, 0.0003)]
    public void Values_AreMeanAndSampleDeviation(string text, params double[] values) =>
        Assert.Equal(text, new MeanAndStd(values.Select(value => (double?)value)).Text());

    [Fact]
    public void Format_IsTheCallers() => Assert.Equal("1,234.6 ± 0.0", new MeanAndStd([1234.56, 1234.56]).Text("#,0.0"));

    [Fact]
    public void Mean_IsThatOfTheFiniteValues() => Assert.Equal(3, new MeanAndStd([2, null, 4, double.NaN]).Mean);
}

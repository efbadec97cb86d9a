using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class MetricFormatTests
{
    [Theory]
    [InlineData(0.5, "0.5000")]
    [InlineData(0.001, "0.0010")]
    [InlineData(0.0009, "9.000e-4")]
    [InlineData(99_999, "99999.0000")]
    [InlineData(100_000, "1.000e5")]
    [InlineData(0, "0.0000")]
    [InlineData(-0.5, "-0.5000")]
    public void Value_HasFourDecimals_OrAPowerOfTen(double value, string text) => Assert.Equal(text, MetricFormat.Value(value));

    [Theory]
    [InlineData(0.0001, "+0.0001")]
    [InlineData(0.00004, "0.0000")]
    [InlineData(0, "0.0000")]
    [InlineData(-0.00004, "0.0000")]
    [InlineData(-0.0001, "-0.0001")]
    public void Difference_HasItsSign_UnlessItIsNone(double value, string text) =>
        Assert.Equal(text, MetricFormat.Difference(value, "0.0000"));

    [Theory]
    [InlineData(0.01, "0.01")]
    [InlineData(0.00515, "0.0052")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.00099, "9.9e-4")]
    [InlineData(99_999, "99999")]
    [InlineData(100_000, "1e5")]
    public void Margin_HasTheDigitsItNeeds(double value, string text) => Assert.Equal(text, MetricFormat.Margin(value));

    [Theory]
    [InlineData(0.001, "0.001")]
    [InlineData(0.00099, "9.9e-4")]
    [InlineData(0.5, "0.500")]
    [InlineData(0.0496, "0.0496")]
    [InlineData(0.0494, "0.049")]
    [InlineData(0.05000001, "0.05000001")]
    [InlineData(0.05000000000000001, "0.05000000000000001")] // the next number above the level
    [InlineData(0.049999999999999996, "0.049999999999999996")] // and below it
    public void PValue_ShowsItsSideOfTheLevel(double value, string text) => Assert.Equal(text, MetricFormat.P(value));
}

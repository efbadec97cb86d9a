using System.Globalization;
using CsCheck;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Tests.Drawing;

public sealed class AxisTicksTests
{
    [Theory]
    [InlineData(0.95, 0.96, "0.950 0.952 0.954 0.956 0.958 0.960")]
    [InlineData(0.1, 0.97, "0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(4e-7, 6e-7, "4.0e-7 4.5e-7 5.0e-7 5.5e-7 6.0e-7")]
    [InlineData(0.5, 0.5, "0.44 0.46 0.48 0.50 0.52 0.54 0.56")]
    [InlineData(-3, 12, "-5 0 5 10 15")]
    [InlineData(0, 0, "-1.0 -0.5 0 0.5 1.0")]
    [InlineData(1e-310, 2e-310, "-1.0 -0.5 0 0.5 1.0")]
    [InlineData(double.MinValue, double.MaxValue, "-1.0e300 -5.0e299 0 5.0e299 1.0e300")]
    public void Ticks_AreRound_AndTellApartWhatTheyMark(double least, double most, string labels)
    {
        var axis = AxisTicks.Around(least, most, 5);
        Assert.Equal(labels, string.Join(' ', axis.Values.Select(axis.Label)));
    }

    [Theory]
    [InlineData(1, 1, "0 1 2")]
    [InlineData(1, 2, "0 1 2")]
    [InlineData(0, 0, "0 1 2")]
    [InlineData(7, 17, "8 10 12 14 16")]
    [InlineData(1, 3, "1 2 3")]
    [InlineData(1, 100, "20 40 60 80 100")]
    [InlineData(int.MinValue, int.MaxValue, "-2e9 -1e9 0 1e9 2e9")]
    public void Epochs_AreWhole(int first, int last, string labels)
    {
        var axis = AxisTicks.OfWhole(first, last, 8);
        Assert.Equal(labels, string.Join(' ', axis.Values.Select(axis.Label)));
    }

    [Fact]
    public void AnyRange_IsWithinItsTicks_WhichHaveWordsOfTheirOwn() =>
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[-6, 9], Gen.Int[3, 8])
            .Sample(
                (least, exponent, count) =>
                {
                    double most = least + Math.Pow(10, exponent);
                    var axis = AxisTicks.Around(least, most, count);
                    var labels = axis.Values.Select(axis.Label).ToList();
                    double tiny = axis.Step * 1e-3;
                    Assert.True(axis.First <= least + tiny && axis.Last >= most - tiny, $"{axis} for {least} to {most}");
                    Assert.InRange(labels.Count, 3, count + 3);
                    Assert.Equal(labels.Count, labels.Distinct().Count());
                    Assert.All(
                        axis.Values.Zip(labels),
                        tick =>
                            Assert.Equal(tick.First, double.Parse(tick.Second, CultureInfo.InvariantCulture), axis.Step * 0.01)
                    );
                }
            );
}

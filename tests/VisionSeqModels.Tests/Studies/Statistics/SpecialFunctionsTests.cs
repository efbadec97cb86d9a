using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class SpecialFunctionsTests
{
    [Theory]
    [InlineData(0.1, 2.2527126517342055)]
    [InlineData(0.5, 0.5723649429247004)]
    [InlineData(1, 0)]
    [InlineData(1.5, -0.12078223763524543)]
    [InlineData(2, 0)]
    [InlineData(5, 3.178053830347945)]
    [InlineData(14.5, 23.86276584168909)]
    [InlineData(15, 25.191221182738683)]
    [InlineData(100.5, 361.4355404677776)]
    public void LogGamma_IsThatOfTheTables(double x, double value) =>
        Assert.Equal(value, SpecialFunctions.LogGamma(x), 1e-12 * Math.Max(1, value));

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.6914624612740131)]
    [InlineData(1, 0.8413447460685429)]
    [InlineData(1.96, 0.9750021048517795)]
    [InlineData(3, 0.9986501019683699)]
    [InlineData(7.9, 0.9999999999999986)]
    [InlineData(8.1, 1)]
    [InlineData(1e300, 1)]
    public void Normal_IsThatOfTheTables_OnBothSides(double x, double value)
    {
        Assert.Equal(value, SpecialFunctions.Normal(x), 1e-14);
        Assert.Equal(1 - value, SpecialFunctions.Normal(-x), 1e-14);
    }

    [Fact]
    public void Normal_OfNoNumber_IsNone() => Assert.True(double.IsNaN(SpecialFunctions.Normal(double.NaN)));

    /// <summary>Closed forms: powers where one parameter is 1, binomial sums where both are whole numbers.</summary>
    [Theory]
    [InlineData(0.3, 4, 1, 0.0081)] // x⁴
    [InlineData(0.9, 4, 1, 0.6561)]
    [InlineData(0.3, 1, 4, 0.7599)] // 1 − (1 − x)⁴
    [InlineData(0.9, 1, 4, 0.9999)]
    [InlineData(0.5, 2, 3, 0.6875)]
    [InlineData(0.2, 2, 3, 0.1808)]
    [InlineData(0.25, 0.5, 0.5, 0.3333333333333333)] // 2/π · arcsin √x
    [InlineData(0.75, 0.5, 0.5, 0.6666666666666667)]
    [InlineData(0.5, 50, 50, 0.5)]
    [InlineData(0, 2, 3, 0)]
    [InlineData(-1, 2, 3, 0)]
    [InlineData(1, 2, 3, 1)]
    [InlineData(2, 2, 3, 1)]
    public void RegularizedBeta_HasItsClosedForms(double x, double a, double b, double value) =>
        Assert.Equal(value, SpecialFunctions.RegularizedBeta(x, a, b), 1e-13);

    [Fact]
    public void RegularizedBeta_OfLargeParameters_Converges()
    {
        Assert.Equal(0.5, SpecialFunctions.RegularizedBeta(0.5, 5000, 5000), 1e-9);
        double below = SpecialFunctions.RegularizedBeta(0.4999, 5000, 5000);
        Assert.Equal(SpecialFunctions.Normal((0.4999 - 0.5) * 2 * Math.Sqrt(10_001)), below, 1e-4);
    }
}

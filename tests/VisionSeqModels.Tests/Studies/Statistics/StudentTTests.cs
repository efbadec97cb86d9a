using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudentTTests
{
    [Theory]
    [InlineData(0.5, 1, 0.7048327646991335)]
    [InlineData(1, 1, 0.5)]
    [InlineData(2, 2, 0.18350341907227397)]
    [InlineData(5, 2, 0.037749551350623745)]
    [InlineData(2, 3, 0.13932596855884305)]
    [InlineData(5, 4, 0.007490433881274572)]
    [InlineData(0.5, 5, 0.638298871640929)]
    [InlineData(5, 10, 0.0005373336027565401)]
    [InlineData(0, 7, 1)]
    public void TwoSided_HasItsClosedForms(double t, int degrees, double fraction)
    {
        Assert.Equal(fraction, StudentT.TwoSided(t, degrees), 1e-13);
        Assert.Equal(fraction, StudentT.TwoSided(-t, degrees), 1e-13);
        Assert.Equal(fraction / 2, StudentT.Above(t, degrees), 1e-13);
        Assert.Equal(1 - (fraction / 2), StudentT.Above(-t, degrees), 1e-13);
    }

    [Theory]
    [InlineData(0.025, 1, 12.706204736174712)]
    [InlineData(0.025, 2, 4.302652729749465)]
    [InlineData(0.025, 7, 2.364624251592783)]
    [InlineData(0.05, 1, 6.313751514675036)]
    [InlineData(0.25, 1, 1)]
    [InlineData(0.4, 1, 0.3249196962329063)]
    [InlineData(0.5, 3, 0)]
    public void Quantile_IsWhatTheFractionLiesAbove(double fraction, int degrees, double t) =>
        Assert.Equal(t, StudentT.Quantile(fraction, degrees), 1e-9);
}

using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

/// <summary>What is drawn of given random numbers, by hand.</summary>
public sealed class ParzenDrawTests
{
    private static readonly StudyDimension Unit = StudyDimension.Range("x", 0, 1);
    private static readonly double Largest = Math.BitDecrement(1.0);

    [Fact]
    public void Choice_HasItsPartOfTheNumbers_FromItsBeginningOn()
    {
        static double Choice(double number, int count, params double[] values) =>
            Draw(StudyDimension.Values("kind", count), values, 0, number);
        Assert.Equal(
            [0, 0, 1, 1, 2, 3, 3],
            new[] { 0, Math.BitDecrement(0.25), 0.25, 0.49, 0.5, 0.75, Largest }.Select(number => Choice(number, 4))
        );
        Assert.Equal([0, 1, 1], new[] { 0.24, 0.25, Largest }.Select(number => Choice(number, 2, 1, 1)));
        Assert.Equal(5, Choice(Largest, 6)); // five sixths less, rounded, leave more than the last sixth
    }

    /// <summary>Around 0.5 the deviation is 0.5. The radius is one half of it, in turn to the right, to the left and
    /// across.</summary>
    [Theory]
    [InlineData(0, 0.75)]
    [InlineData(0.5, 0.25)]
    [InlineData(0.25, 0.5)]
    public void Place_IsNormal_ByBoxAndMuller(double angle, double place) =>
        Assert.Equal(place, Draw(Unit, [0.5], 0, Radius(0.5), angle), 1e-12);

    [Fact]
    public void PlaceOutside_IsDrawnAgain() =>
        Assert.Equal(0.25, Draw(Unit, [0.5], 0, Radius(2), 0, Radius(1.5), 0.5, Radius(0.5), 0.5), 1e-12);

    [Fact]
    public void EndsOfTheRange_AreWithin() =>
        Assert.Equal((0, 1), (Draw(Unit, [0, 1], 0, Radius(0), 0), Draw(Unit, [0, 1], 1, Radius(0), 0)));

    [Fact]
    public void AfterTheValues_ComesThePrior() => Assert.Equal(0.3, Draw(Unit, [0.5, 0.6], 2, 0.3));

    private static double Draw(StudyDimension dimension, double[] values, int which, params double[] numbers) =>
        ParzenEstimate.Of(dimension, values).Draw(new Numbers(which, numbers));

    /// <summary>The number that gives a radius, in deviations.</summary>
    private static double Radius(double radius) => 1 - Math.Exp(-0.5 * radius * radius);

    private sealed class Numbers(int which, double[] numbers) : Random
    {
        private int _next;

        public override int Next(int maxValue) =>
            which < maxValue ? which : throw new ArgumentOutOfRangeException(nameof(maxValue));

        public override double NextDouble() => numbers[_next++];
    }
}

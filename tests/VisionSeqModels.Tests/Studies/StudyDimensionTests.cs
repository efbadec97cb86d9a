using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyDimensionTests
{
    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(0.25, 2.5, 6.324555320)]
    [InlineData(0.5, 5, 20)]
    [InlineData(1, 10, 200)]
    public void Place_IsOfTheValue_OrOfItsLogarithm(double place, double value, double logarithmic)
    {
        var range = StudyDimension.Range("rate", 0, 10);
        Assert.Equal(value, range.ValueAt(place), 1e-9);
        Assert.Equal(place, range.PlaceOf(value), 1e-9);
        var shifted = StudyDimension.Range("rate", 20, 30);
        Assert.Equal(20 + value, shifted.ValueAt(place), 1e-9);
        Assert.Equal(place, shifted.PlaceOf(20 + value), 1e-9);
        var log = StudyDimension.Range("rate", 2, 200, isLogarithmic: true);
        Assert.Equal(logarithmic, log.ValueAt(place), 1e-6);
        Assert.Equal(place, log.PlaceOf(logarithmic), 1e-6);
    }

    [Fact]
    public void PlaceOutside_IsTheEnd()
    {
        var range = StudyDimension.Range("rate", -5, 5);
        Assert.Equal((0, 1), (range.PlaceOf(-6), range.PlaceOf(6)));
    }

    [Fact]
    public void Range_AndValues_AreWhatTheySay()
    {
        var range = StudyDimension.Range("rate", 1, 2);
        Assert.Equal(("rate", 1, 2, false, null), (range.Name, range.From, range.To, range.IsLogarithmic, range.Choices));
        Assert.True(StudyDimension.Range("rate", 1, 2, isLogarithmic: true).IsLogarithmic);
        var values = StudyDimension.Values("kind", 3);
        Assert.Equal(("kind", 0, 2, false, 3), (values.Name, values.From, values.To, values.IsLogarithmic, values.Choices));
    }

    [Fact]
    public void Drawn_IsWhatOneRandomNumberSays()
    {
        var range = StudyDimension.Range("rate", 1, 3);
        Assert.Equal(1 + (2 * new Random(5).NextDouble()), range.Draw(new Random(5)));
        var values = StudyDimension.Values("kind", 7);
        Assert.Equal(new Random(5).Next(7), values.Draw(new Random(5)));
        Assert.Throws<ArgumentNullException>(() => range.Draw(null!));
    }

    [Fact]
    public void Faults_AreRefused()
    {
        Action[] faults =
        [
            () => StudyDimension.Range("rate", 1, 1),
            () => StudyDimension.Range("rate", 2, 1),
            () => StudyDimension.Range("rate", 0, 1, isLogarithmic: true),
            () => StudyDimension.Range("rate", -1, 1, isLogarithmic: true),
            () => StudyDimension.Range(" ", 0, 1),
            () => StudyDimension.Values(" ", 1),
            () => StudyDimension.Values("kind", 0),
        ];
        Assert.All(faults, fault => Assert.ThrowsAny<ArgumentException>(fault));
        Assert.Equal(1, StudyDimension.Values("kind", 1).Choices);
        Assert.Equal(-1, StudyDimension.Range("rate", -1, 1).From);
    }
}

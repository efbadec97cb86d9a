using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class SearchAxisTests
{
    [Fact]
    public void Numbers_AreInTheirOrder_TextsAsTheyCame()
    {
        var numbers = SearchAxis.Of("size", ["10", "9", "1e2", "9"]);
        Assert.Equal(["9", "10", "1e2"], numbers.Labels);
        Assert.Equal([1, 0, 2, 0], numbers.Levels);
        Assert.True(numbers.IsOrdered);
        var texts = SearchAxis.Of("size", ["b", "a", "9", "b"]);
        Assert.Equal(["b", "a", "9"], texts.Labels);
        Assert.Equal([0, 1, 2, 0], texts.Levels);
        Assert.False(texts.IsOrdered);
        Assert.False(SearchAxis.Of("size", ["1", "NaN"]).IsOrdered);
    }

    [Theory]
    [InlineData("1", 0.0)]
    [InlineData("2", 0.1)]
    [InlineData("11", 1.0)]
    public void Numbers_StandByTheirSize(string label, double place) =>
        Assert.Equal(place, SearchAxis.Of("size", ["1", "2", "11"]).Place(label), 1e-12);

    [Theory]
    [InlineData("0.01", 0.0)]
    [InlineData("0.1", 0.5)]
    [InlineData("1", 1.0)]
    public void NumbersOfAWideRange_StandByTheirLogarithm(string label, double place) =>
        Assert.Equal(place, SearchAxis.Of("rate", ["0.1", "1", "0.01"]).Place(label), 1e-12);

    [Fact]
    public void RangeIsWide_FromThirtyTimesOn_AboveZero()
    {
        Assert.Equal(0.5, SearchAxis.Of("rate", ["2", "15.5", "29"]).Place("15.5"), 1e-12); // (15.5 − 2) / 27
        Assert.Equal(Math.Log(5) / Math.Log(30), SearchAxis.Of("rate", ["1", "5", "30"]).Place("5"), 1e-12);
        Assert.Equal(4 / 28.9, SearchAxis.Of("rate", ["1", "5", "29.9"]).Place("5"), 1e-12);
        Assert.Equal(0.5, SearchAxis.Of("rate", ["0", "50", "100"]).Place("50"), 1e-12);
        Assert.Equal(0.5, SearchAxis.Of("rate", ["-100", "-50", "0"]).Place("-50"), 1e-12);
    }

    [Fact]
    public void Texts_StandEvenly() =>
        Assert.Equal([0, 0.5, 1], new[] { "b", "a", "c" }.Select(label => SearchAxis.Of("kind", ["b", "a", "c"]).Place(label)));

    [Fact]
    public void OneValue_IsInTheMiddle()
    {
        Assert.Equal(0.5, SearchAxis.Of("kind", ["a", "a"]).Place("a"));
        Assert.Equal(0.5, SearchAxis.Of("rate", ["1", "1.0"]).Place("1.0")); // two texts, one number
    }
}

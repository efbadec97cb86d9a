using VisionSeqModels.Studies;

namespace VisionSeqModels.Tests.Studies;

public sealed class StudyFactorTests
{
    private static readonly StudyFactor<string> Given = StudyFactor<string>.Of(
        "kind",
        ["a", "b"],
        (text, value) => text + value,
        value => $"<{value}>"
    );

    [Fact]
    public void GivenValues_HaveTheirIndexAndLabel()
    {
        Assert.Equal(("kind", false, 2), (Given.Name, Given.IsRange, Given.Dimension.Choices));
        Assert.Equal([("<a>", 0), ("<b>", 1)], Given.Values.Select(value => (value.Label, value.Number)));
        Assert.Equal("xb", Given.At(1).Apply("x"));
        Assert.Equal(("<a>", null), (Given.OfLabel("<a>")?.Label, Given.OfLabel("a")));
        Assert.Equal(
            ["1.5", ""],
            StudyFactor<string>.Of("kind", [1.5, (object?)null], (text, _) => text, null).Values.Select(value => value.Label)
        );
    }

    [Theory]
    [InlineData(1.23456, "1.23")]
    [InlineData(1.235001, "1.24")]
    [InlineData(9.999, "10")]
    [InlineData(1.0001, "1")]
    [InlineData(0.5, "1")] // outside, and so the end
    [InlineData(11, "10")]
    public void ValueOfARange_HasThreeDigits_WithinTheRange(double number, string label)
    {
        var value = Range(1, 10).At(number);
        Assert.Equal((label, label), (value.Label, value.Apply("")));
        Assert.Equal(label, value.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void EndsOfARange_AreWithinIt_ThoughTheyHaveMoreDigits() =>
        Assert.Equal(("1.2345", "1.2389"), (Range(1.2345, 1.2389).At(1.2345).Label, Range(1.2345, 1.2389).At(1.2389).Label));

    [Theory]
    [InlineData("1.5", true)]
    [InlineData("1", true)]
    [InlineData("10", true)]
    [InlineData("1.50", false)]
    [InlineData("1.2345", false)]
    [InlineData("0.5", false)]
    [InlineData("11", false)]
    [InlineData("b", false)]
    [InlineData("NaN", false)]
    [InlineData("Infinity", false)]
    public void Label_IsThatOfAValue_OrNone(string label, bool isValue) =>
        Assert.Equal(isValue ? label : null, Range(1, 10).OfLabel(label)?.Label);

    [Fact]
    public void Drawn_IsAValueOfTheRange()
    {
        var range = Range(1, 10);
        Assert.True(range.IsRange);
        Assert.Empty(range.Values);
        string[] labels = [.. Enumerable.Range(0, 20).Select(seed => range.Draw(new Random(seed)).Label)];
        Assert.All(labels, label => Assert.NotNull(range.OfLabel(label)));
        Assert.True(labels.Distinct().Count() > 10);
    }

    [Fact]
    public void RangeWithoutANameOrAFunction_IsRefused()
    {
        static StudyFactor<string> Made(string name, double to, Func<string, double, string>? apply) =>
            StudyFactor<string>.Range(name, 1, to, apply!, isLogarithmic: false);
        Assert.Throws<ArgumentException>("name", () => Made(" ", 0, (text, _) => text)); // before the range is looked at
        Assert.Throws<ArgumentNullException>("name", () => Made(null!, 2, (text, _) => text));
        Assert.Throws<ArgumentNullException>("apply", () => Made("rate", 2, null));
    }

    private static StudyFactor<string> Range(double from, double to) =>
        StudyFactor<string>.Range(
            "rate",
            from,
            to,
            (text, value) => text + value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            isLogarithmic: false
        );
}

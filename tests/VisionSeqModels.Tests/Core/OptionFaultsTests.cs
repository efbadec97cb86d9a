using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

/// <summary>The sentences about options, and their bounds.</summary>
public sealed class OptionFaultsTests
{
    [Fact]
    public void OneFault_IsOneLine_AndSeveralAreAList()
    {
        var one = new OptionFaults("Options").Positive("Rate", 0).All;
        Assert.Equal(
            "Options: Rate must be a finite number above 0, but is 0.",
            new InvalidOptionsException("Options", one).Message
        );

        var two = new InvalidOptionsException("Options", ["a.", "b."]);
        Assert.Equal($"Options has 2 faults:{Environment.NewLine}- a.{Environment.NewLine}- b.", two.Message);
        Assert.Equal(["a.", "b."], two.Faults);
    }

    [Fact]
    public void ListOfNull_AndListThatIsMissing_AreSaidApart()
    {
        Assert.Empty(new OptionFaults("Options").List("Layers", ["a"]).List("Layers", Array.Empty<string>()).All);
        Assert.Equal(
            [
                "Layers must be a list without null in it (an empty one is fine), but is null.",
                "Layers must be a list without null in it (an empty one is fine), but is one with null in it.",
            ],
            new OptionFaults("Options").List<string>("Layers", null).List("Layers", ["a", null!]).All
        );
    }

    [Theory]
    [InlineData(0.0, false, false, true, true)]
    [InlineData(double.Epsilon, true, true, true, true)]
    [InlineData(-double.Epsilon, false, false, false, false)]
    [InlineData(1.0, true, true, true, false)]
    [InlineData(0.99999999, true, true, true, true)]
    [InlineData(double.PositiveInfinity, false, false, false, false)]
    [InlineData(double.NaN, false, false, false, false)]
    public void Bounds(double value, bool positive, bool positiveOrNull, bool notNegative, bool belowOne)
    {
        Assert.Equal(positive, new OptionFaults("o").Positive("p", value).All.Count == 0);
        Assert.Equal(positiveOrNull, new OptionFaults("o").PositiveOrNull("p", value).All.Count == 0);
        Assert.Equal(notNegative, new OptionFaults("o").NotNegative("p", value).All.Count == 0);
        Assert.Equal(belowOne, new OptionFaults("o").BelowOne("p", value).All.Count == 0);
        Assert.Empty(new OptionFaults("o").PositiveOrNull("p", null).AtLeast(3, "p", 3).All);
        Assert.Equal(["p must be at least 3, but is 2."], new OptionFaults("o").AtLeast(3, "p", 2).All);
    }

    [Fact]
    public void Numbers_AreTheSameInAnyCulture()
    {
        Assert.Null(OptionFaults.Text(null));
        Assert.Equal("0.5, 1E-09", OptionFaults.Text([0.5, 1e-9]));
    }

    [Fact]
    public void NestedFaults_HaveTheNameOfTheirOptions()
    {
        var faults = new OptionFaults("Options").Include(["a"]).Include("Inner", ["b", "c"]).Add("d");
        Assert.Equal(["a", "Inner.b", "Inner.c", "d"], faults.All);
        Assert.Equal(faults.All, Assert.Throws<InvalidOptionsException>(faults.ThrowIfAny).Faults);
        new OptionFaults("Options").ThrowIfAny();
    }
}

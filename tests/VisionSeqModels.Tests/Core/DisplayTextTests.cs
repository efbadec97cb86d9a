using System.Text.Json.Nodes;
using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

public sealed class DisplayTextTests
{
    [Theory]
    [InlineData(0, "0.0000")]
    [InlineData(0.5, "0.5000")]
    [InlineData(0.001, "0.0010")]
    [InlineData(0.000999, "9.990e-4")]
    [InlineData(-0.0005, "-5.000e-4")]
    [InlineData(99_999, "99999.0000")]
    [InlineData(100_000, "1.000e5")]
    [InlineData(double.NaN, "NaN")]
    public void Number_HasFourDecimals_OrAPowerOfTen(double value, string text) => Assert.Equal(text, DisplayText.Number(value));

    [Theory]
    [InlineData(0, "0 trials")]
    [InlineData(1, "1 trial")]
    [InlineData(12_345, "12,345 trials")]
    public void Count_HasTheRightNumber(long count, string text) => Assert.Equal(text, DisplayText.Count(count, "trial"));

    [Fact]
    public void Names_AreTheFirstFourOfMany()
    {
        Assert.Equal("a; b; c; d", DisplayText.Names(["a", "b", "c", "d"]));
        Assert.Equal("5 folds: a; b; c; d and 1 more", DisplayText.Names(["a", "b", "c", "d", "e"], "fold"));
    }

    [Theory]
    [InlineData("null", "none")]
    [InlineData("[]", "none")]
    [InlineData("[1,[2,3]]", "1, 2, 3")]
    [InlineData("{\"hidden_size\":3,\"bias\":true}", "hidden size 3, bias yes")]
    [InlineData("false", "no")]
    [InlineData("\"tanh\"", "tanh")]
    [InlineData("0", "0")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("0.00005", "5e-5")]
    [InlineData("-0.00005", "-5e-5")]
    [InlineData("999999999999999", "999999999999999")]
    [InlineData("1000000000000000", "1e15")]
    public void Value_IsTextForAReader(string json, string text) => Assert.Equal(text, DisplayText.Value(JsonNode.Parse(json)));
}

using System.Text.Json.Serialization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Core;

/// <summary>What the serializer would leave out or write in a form of its own.</summary>
public sealed class PropertyJsonValuesTests
{
    [Flags]
    private enum Parts
    {
        None = 0,
        HiddenState = 1,
        Bias = 2,
    }

    [Theory]
    [InlineData(1, "\"hidden_state\"")]
    [InlineData(3, "\"hidden_state, bias\"")]
    [InlineData(8, "8")]
    public void Enums_AreTextOrNumber(int value, string json) => Assert.Equal(json, PropertyJson.Of((Parts)value).ToJsonString());

    [Fact]
    public void PropertiesThatAreLeftOut_AreLeftOut() =>
        Assert.Equal("""{"kept":1,"point":{"x":0}}""", PropertyJson.Of(new WithDefaults()).ToJsonString());

    [Fact]
    public void ValuesThatAreNotTheDefault_Stay() =>
        Assert.Equal(
            """{"kept":1,"yes":true,"letter":"a","time":"00:00:01","count":0,"text":"b","parts":"bias","point":{"x":0}}""",
            PropertyJson
                .Of(
                    new WithDefaults
                    {
                        Yes = true,
                        Letter = 'a',
                        Time = TimeSpan.FromSeconds(1),
                        Count = 0,
                        Text = "b",
                        Parts = Parts.Bias,
                    }
                )
                .ToJsonString()
        );

    [Fact]
    public void ObjectsThatSayNothing_AreEmpty()
    {
        Assert.Equal("{}", PropertyJson.Of(new Silent(null)).ToJsonString());
        Assert.Equal("{}", PropertyJson.Of(new EmptyRecord()).ToJsonString());
        Assert.Equal("{}", PropertyJson.Of(new Failing()).ToJsonString());
        Assert.Equal("{}", PropertyJson.Of(new object()).ToJsonString());
    }

    [Fact]
    public void KeyWithoutText_IsEmpty() =>
        Assert.Equal("""{"":1}""", PropertyJson.Of(new Dictionary<Silent, object> { [new Silent(null)] = 1 }).ToJsonString());

    [Fact]
    public void DeepObject_EndsInItsTypesName()
    {
        object deep = "end";
        for (int i = 0; i < 40; i++)
        {
            deep = new Level(deep, () => 0);
        }

        string json = PropertyJson.Of(deep).ToJsonString();
        Assert.Contains(nameof(Level), json, StringComparison.Ordinal);
        Assert.DoesNotContain("end", json, StringComparison.Ordinal);
    }

    [Fact]
    public void AnythingElseThanAnObject_StandsUnderValue()
    {
        Assert.Null(JsonFormat.Object(null));
        Assert.Equal("""{"value":5}""", JsonFormat.Object(5)!.ToJsonString());
    }

    private sealed class WithDefaults
    {
        public int Kept => 1;

        [JsonIgnore]
        public int Always => 2;

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public bool Yes { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public char Letter { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public TimeSpan Time { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public int? Count { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public string? Text { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public Parts Parts { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public decimal Price { get; init; }

        public Point Point { get; } = new();

        public int this[int index] => index;

        public int Written
        {
            set => _ = value;
        }

        public int Inside { private get; init; }
    }

    private sealed class Point
    {
        public int X { get; init; }
    }

    private sealed class Silent(string? text)
    {
        public override string? ToString() => text;
    }

    private sealed record EmptyRecord;

    private sealed class Failing
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed record Level(object Below, Func<int> Function);
}

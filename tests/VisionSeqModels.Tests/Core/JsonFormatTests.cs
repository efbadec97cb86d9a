using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Core;

/// <summary>How the library writes and reads JSON.</summary>
public sealed class JsonFormatTests
{
    [Fact]
    public void Text_HasSnakeCaseNames_EnumsAndNaNAsText_AndTheSameNewlineEverywhere()
    {
        var json = JsonFormat.Object(new Sample())!;
        Assert.Equal(
            """{"batch_size":2,"first_day":"monday","loss":"NaN","rate":"Infinity","name":null}""",
            json.ToJsonString(JsonFormat.Compact)
        );
        Assert.Equal("{\n  \"a\": 1\n}", new JsonObject { ["a"] = 1 }.ToJsonString(JsonFormat.Indented));
    }

    [Fact]
    public void LongValue_NeedsNoPooledBufferOfItsLength()
    {
        var many = Enumerable
            .Repeat(
                new ResumeRecord
                {
                    Time = default,
                    Epoch = 1,
                    Step = 2,
                    Changes = ["a"],
                },
                50_000
            )
            .ToList();
        string text = "";
        int longest = PooledBuffers.Longest(() => text = JsonFormat.Serialize(many, JsonFormat.Compact));
        Assert.InRange(text.Length, 1 << 20, int.MaxValue);
        int longestOfTheSerializers = PooledBuffers.Longest(() => JsonSerializer.Serialize(text));
        Assert.InRange(longestOfTheSerializers, 1 << 20, int.MaxValue); // so pooled arrays are seen
        Assert.InRange(longest, 0, 1 << 16);
    }

    [Fact]
    public void Formats_CannotBeChanged() =>
        Assert.All([JsonFormat.Indented, JsonFormat.Compact, JsonFormat.Reading], format => Assert.True(format.IsReadOnly));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"b":{"a":1,"a":2}}""")]
    public void Parse_RefusesWhatIsNoObject_AndNamesThatOccurTwice(string text) =>
        Assert.ThrowsAny<JsonException>(() => JsonFormat.Parse(text));

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"a":[1,{"b":["\ud800"]}]}""")]
    public void Parse_RefusesAnUnpairedSurrogateAtOnce(string text) =>
        Assert.Throws<InvalidOperationException>(() => JsonFormat.Parse(text));

    [Fact]
    public void Parse_ReadsAnObject() =>
        Assert.Equal(2, (int)JsonFormat.Parse("""{"a":"text","b":[true,null,{"c":2}]}""")["b"]![2]!["c"]!);

    [Fact]
    public void Node_OfNullIsNull_AndOfWhatTheSerializerCannotWrite_ItsProperties()
    {
        Assert.Null(JsonFormat.Node(null));
        Assert.False(JsonFormat.TryNode(new Failing(), out var node));
        Assert.Null(node);
        Assert.Equal("""{"kept":1}""", JsonFormat.Node(new Failing())!.ToJsonString());
    }

    private sealed class Sample
    {
        public int BatchSize => 2;

        public DayOfWeek FirstDay => DayOfWeek.Monday;

        public double Loss => double.NaN;

        public double Rate => double.PositiveInfinity;

        public string? Name => null;
    }

    private sealed class Failing
    {
        public int Kept => 1;

        public int Thrown => throw new InvalidOperationException("not now");
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;
using VisionSeqModels.Studies;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Tests.Core;

/// <summary>Files are the same whether or not an application has reflection for JSON: file-based apps, trimmed ones and Native
/// AOT have not.</summary>
public sealed class JsonContextTests
{
    internal static readonly JsonSerializerOptions ByReflection = new(JsonFormat.Indented)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static TheoryData<string> Options => WrittenTypes.Names(WrittenTypes.Options);

    public static TheoryData<string> OpenOptions => WrittenTypes.Names(WrittenTypes.OpenOptions);

    public static TheoryData<string> Held =>
        WrittenTypes.Names([
            .. WrittenTypes.Options,
            .. WrittenTypes.Results,
            typeof(RunRecord),
            typeof(TrainingState),
            typeof(StudyFile),
            typeof(TorchRuntimeInfo),
            typeof(ModelDescription),
        ]);

    [Fact]
    public void TheKinds_AreFound()
    {
        Assert.InRange(WrittenTypes.Options.Count, 27, 200);
        Assert.InRange(WrittenTypes.Results.Count, 15, 200);
    }

    /// <summary>A new type needs a line in the context of its floor, for example <c>OptimizationJson</c>.</summary>
    [Theory]
    [MemberData(nameof(Held))]
    public void ATypeThatFilesHold_NeedsNoReflection(string type) =>
        Assert.True(JsonFormat.Compact.TryGetTypeInfo(WrittenTypes.Find(type), out _), $"No context has {type}.");

    [Theory]
    [MemberData(nameof(Options))]
    public void Options_HaveTheBytesThatReflectionWrites(string name)
    {
        object sample = WrittenTypes.Sample(WrittenTypes.Find(name));

        Assert.Equal(
            JsonSerializer.Serialize(sample, sample.GetType(), ByReflection),
            JsonFormat.Object(sample).ToJsonString(JsonFormat.Indented)
        );
    }

    /// <summary>What becomes of a user's own options, without reflection for JSON.</summary>
    [Theory]
    [MemberData(nameof(OpenOptions))]
    public void Options_HaveTheSameBytes_PropertyByProperty(string name)
    {
        object sample = WrittenTypes.Sample(WrittenTypes.Find(name));

        Assert.Equal(
            JsonSerializer.Serialize(sample, sample.GetType(), ByReflection),
            PropertyJson.Of(sample).ToJsonString(JsonFormat.Indented)
        );
    }

    /// <summary>The generator's own code would give 0 and null to what the JSON lacks.</summary>
    [Theory]
    [MemberData(nameof(OpenOptions))]
    public void Reading_KeepsTheDefaultsOfWhatTheJsonLacks(string name)
    {
        var type = WrittenTypes.Find(name);
        if (Array.Exists(type.GetProperties(), IsRequired))
        {
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("{}", JsonFormat.Reading.GetTypeInfo(type)));
            return;
        }

        object read = JsonSerializer.Deserialize("{}", JsonFormat.Reading.GetTypeInfo(type))!;

        Assert.Equal(Text(Activator.CreateInstance(type)!), Text(read));
    }

    [Fact]
    public void AnEpochOfAnOlderFile_IsFinite()
    {
        var record = JsonFormat.Read<EpochRecord>(
            JsonFormat.Parse(
                """
                {"epoch":1,"metrics":{"train_loss":"NaN"},"learning_rate":0.5,"seconds":1,
                 "samples_per_second":2,"steps":3,"samples":4}
                """
            )
        )!;

        Assert.True(record.IsFinite);
        Assert.True(double.IsNaN(record.TrainLoss));
    }

    [Theory]
    [InlineData("""{"epoch":null}""")]
    [InlineData("""{"epoch":1}""")]
    [InlineData("""{"epoch":1,"metrics":null,"learning_rate":0.5,"seconds":1,"samples_per_second":2,"steps":3,"samples":4}""")]
    public void Reading_RefusesNullAndWhatIsMissing(string json) =>
        Assert.Throws<JsonException>(() => JsonFormat.Read<EpochRecord>(JsonFormat.Parse(json)));

    // By name: another assembly has a type of that name too.
    private static bool IsRequired(System.Reflection.PropertyInfo property) =>
        property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "RequiredMemberAttribute");

    private static string Text(object value) => JsonFormat.Object(value).ToJsonString();
}

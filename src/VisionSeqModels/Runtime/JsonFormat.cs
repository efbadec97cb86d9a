using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VisionSeqModels;

/// <summary>How this library writes JSON: snake_case names, enums as text, NaN and infinities as texts, the same newline everywhere.</summary>
internal static class JsonFormat
{
    public static JsonSerializerOptions Indented { get; } = New(indented: true);

    public static JsonSerializerOptions Compact { get; } = New(indented: false);

    public static JsonNode? Node(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), Indented);

    private static JsonSerializerOptions New(bool indented) => new()
    {
        WriteIndented = indented,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}

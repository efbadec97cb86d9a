using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VisionSeqModels.Core;

/// <summary>How this library writes JSON: snake_case names, enums as text, NaN and infinities as texts, the same newline
/// everywhere.</summary>
internal static class JsonFormat
{
    public static JsonSerializerOptions Indented { get; } = New(indented: true);

    public static JsonSerializerOptions Compact { get; } = New(indented: false);

    /// <summary>Strict: no null where there must be a value. For what <see cref="Parse"/> gave, which has no name
    /// twice.</summary>
    public static JsonSerializerOptions Reading { get; } =
        new(Compact) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <exception cref="JsonException">The text is no JSON object, or has a name twice.</exception>
    /// <exception cref="InvalidOperationException">It has a text with half a letter.</exception>
    public static JsonObject Parse(string text)
    {
        var json =
            JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
            ?? throw new JsonException("it is no JSON object.");
        DecodeTexts(text);
        return json;
    }

    public static JsonNode? Node(object? value) =>
        value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), Indented);

    /// <summary>Nodes decode their texts late, wherever they are first looked at: what cannot be decoded is to be told at
    /// once.</summary>
    private static void DecodeTexts(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        while (reader.Read())
        {
            _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
        }
    }

    private static JsonSerializerOptions New(bool indented) =>
        new()
        {
            WriteIndented = indented,
            NewLine = "\n",
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        };
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VisionSeqModels.Core;

/// <summary>How this library writes JSON: snake_case names; enums, NaN and infinities as text; the same newline on every
/// system.</summary>
internal static class JsonFormat
{
    public static JsonSerializerOptions Indented { get; } = New(indented: true);

    public static JsonSerializerOptions Compact { get; } = New(indented: false);

    /// <summary>Strict: null is an error where a value is required. Use it on the result of <see cref="Parse"/>, which
    /// refuses duplicate names.</summary>
    public static JsonSerializerOptions Reading { get; } =
        new(Compact) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <exception cref="JsonException">The text is no JSON object, or a name occurs twice.</exception>
    /// <exception cref="InvalidOperationException">A text has an unpaired surrogate.</exception>
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

    /// <summary>Decodes every text now. A node decodes its text when it is first read, which would report the fault too
    /// late.</summary>
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

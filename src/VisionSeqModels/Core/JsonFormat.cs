using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VisionSeqModels.Core;

/// <summary>How this library writes JSON: snake_case names; enums, NaN and infinities as text; the same newline on every
/// system.</summary>
/// <remarks>It works in every host, also where reflection is switched off for JSON: types of this library are in the contexts
/// of their floors (<see cref="JsonContextAttribute{TContext}"/>).</remarks>
internal static class JsonFormat
{
    public static JsonSerializerOptions Indented { get; } = New(indented: true);

    public static JsonSerializerOptions Compact { get; } = New(indented: false);

    /// <summary>Strict: null is an error where a value is required. Use it on the result of <see cref="Parse"/>, which
    /// refuses duplicate names.</summary>
    public static JsonSerializerOptions Reading { get; } = New(indented: false, isStrict: true);

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

    /// <summary>A value of a type that a floor's context has, as text.</summary>
    /// <remarks>The serializer's own buffers are the shared pool's, which keeps the longest there ever was; these are
    /// collected.</remarks>
    public static string Serialize<T>(T value, JsonSerializerOptions format)
    {
        var text = new ArrayBufferWriter<byte>();
        var form = new JsonWriterOptions { Indented = format.WriteIndented, NewLine = format.NewLine };
        using (var writer = new Utf8JsonWriter(text, form))
        {
            JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)format.GetTypeInfo(typeof(T)));
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Reads a value of a type that a floor's context has.</summary>
    /// <exception cref="JsonException">The JSON does not fit the type.</exception>
    public static T? Read<T>(JsonNode? json) => json.Deserialize((JsonTypeInfo<T>)Reading.GetTypeInfo(typeof(T)));

    /// <summary>Any value as JSON, whatever its type: <see cref="PropertyJson"/> writes what the serializer cannot.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static JsonNode? Node(object? value)
    {
        if (value is null)
        {
            return null;
        }

        return TryNode(value, out var node) ? node : PropertyJson.Of(value);
    }

    /// <summary>The same as an object: anything else stands under <c>value</c>.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static JsonObject? Object(object? value) =>
        value is null ? null : Node(value) as JsonObject ?? new JsonObject { ["value"] = Node(value) };

    /// <summary>The same for an object of a class that others derive from: trimming keeps the properties of their
    /// types.</summary>
    /// <param name="value">The object.</param>
    /// <param name="type">Its own type, taken from a variable whose class has the annotation.</param>
    public static JsonObject Object(
        object value,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] Type type
    )
    {
        _ = type; // the annotation is all that it is for
        return Object(value);
    }

    /// <summary>Writes a value with the serializer; false where it has no way for the type, or fails.</summary>
    internal static bool TryNode(object value, [NotNullWhen(true)] out JsonNode? node)
    {
        try
        {
            node = Indented.TryGetTypeInfo(value.GetType(), out var type) ? JsonSerializer.SerializeToNode(value, type) : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException) // a property of a user's type may throw anything
        {
            node = null;
        }

        return node is not null;
    }

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

    private static JsonSerializerOptions New(bool indented, bool isStrict = false)
    {
        var options = new JsonSerializerOptions
        {
            WriteIndented = indented,
            NewLine = "\n",
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            RespectNullableAnnotations = isStrict,
            RespectRequiredConstructorParameters = isStrict,
            TypeInfoResolver = JsonTypes.Resolver,
        };
        foreach (var converter in JsonTypes.Converters)
        {
            options.Converters.Add(converter);
        }

        options.MakeReadOnly();
        return options;
    }
}

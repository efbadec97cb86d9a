using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VisionSeqModels.Core;

/// <summary>Writes objects as JSON property by property, without the serializer: for types of a user where the application
/// has reflection switched off for JSON, and for what the serializer cannot write. It never throws.</summary>
/// <remarks>The result is the serializer's for numbers, texts, enums, lists, dictionaries and objects of these, with the
/// attributes for names, order and what is left out. A function, a type, and what owns a resource, stands there by the name of
/// its type; a property that throws is left out. An object without a property that can be seen is its <c>ToString</c>.</remarks>
internal static class PropertyJson
{
    private const int DeepestLevel = 32;

    public static JsonNode Of(object value)
    {
        try
        {
            return Of(value, []);
        }
        catch (Exception e) when (e is not OutOfMemoryException) // a list of a user's may throw anything
        {
            return NameOf(value);
        }
    }

    private static JsonNode Of(object value, IReadOnlyList<object> above)
    {
        bool isTooDeep = above.Count == DeepestLevel || above.Any(one => ReferenceEquals(one, value));
        return value switch
        {
            Enum name => Text(name),
            Delegate or MemberInfo or Assembly or Task or IDisposable or nint or nuint => NameOf(value),
            _ when isTooDeep => NameOf(value),
            IDictionary entries => Entries(entries, [.. above, value]),
            IEnumerable list => Items(list, [.. above, value]),
            _ => Properties(value, [.. above, value]),
        };
    }

    private static JsonNode? Part(object? value, IReadOnlyList<object> above) =>
        value is null ? null
        : JsonFormat.TryNode(value, out var node) ? node
        : Of(value, above);

    private static string NameOf(object value) => value.GetType().ToString();

    /// <summary>Text in snake_case, or the number where the enum has no name for it, as the serializer writes it.</summary>
    private static JsonValue Text(Enum value)
    {
        string text = value.ToString();
        return long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out long number)
            ? JsonValue.Create(number)
            : JsonValue.Create(string.Join(", ", text.Split(", ").Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)))!;
    }

    private static JsonObject Entries(IDictionary entries, IReadOnlyList<object> above)
    {
        var json = new JsonObject();
        foreach (DictionaryEntry entry in entries)
        {
            string name = Convert.ToString(entry.Key, System.Globalization.CultureInfo.InvariantCulture) ?? "";
            json[name] = Part(entry.Value, above);
        }

        return json;
    }

    private static JsonArray Items(IEnumerable list, IReadOnlyList<object> above)
    {
        var json = new JsonArray();
        foreach (object? item in list)
        {
            json.Add(Part(item, above));
        }

        return json;
    }

    private static JsonObject Properties(object value, IReadOnlyList<object> above)
    {
        var json = new JsonObject();
        var properties = PropertiesOf(value).ToList();
        foreach (var property in properties)
        {
            if (TryGet(property, value, out object? content) && !IsLeftOut(property, content))
            {
                json[KeyOf(property)] = Part(content, above);
            }
        }

        if (properties.Count == 0 && ToText(value) is string text)
        {
            json["text"] = text;
        }

        return json;
    }

    /// <summary>The properties of a class before those of its base, as the serializer has them.</summary>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2075",
        Justification = "The base classes of options are annotated. A model's own options are a record, whose ToString keeps its "
            + "properties; else docs/hosts.md says how to keep them. What is not kept shows as ToString, never as an exception."
    )]
    private static IEnumerable<PropertyInfo> PropertiesOf(object value)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var all = new List<PropertyInfo>();
        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            all.AddRange(
                type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                    .Where(one => one.GetMethod?.IsPublic == true && one.GetIndexParameters().Length == 0 && seen.Add(one.Name))
            );
        }

        return all.OrderBy(one => one.GetCustomAttribute<JsonPropertyOrderAttribute>()?.Order ?? 0);
    }

    private static bool TryGet(PropertyInfo property, object value, out object? content)
    {
        try
        {
            content = property.GetValue(value);
            return true;
        }
        catch (Exception e) when (e is TargetInvocationException or NotSupportedException or InvalidOperationException)
        {
            content = null;
            return false;
        }
    }

    private static bool IsLeftOut(PropertyInfo property, object? content) =>
        property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition switch
        {
            JsonIgnoreCondition.Always => true,
            JsonIgnoreCondition.WhenWritingNull => content is null,
            JsonIgnoreCondition.WhenWritingDefault => content is null || IsZero(property.PropertyType, content),
            _ => false,
        };

    private static bool IsZero(Type type, object content) =>
        type.IsValueType
        && Nullable.GetUnderlyingType(type) is null
        && (
            content is Enum name ? name.ToString("D") == "0"
            : content is IConvertible number && number.GetTypeCode() is >= TypeCode.Boolean and <= TypeCode.Decimal
                ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) is "0" or "False" or "\0"
            : content.Equals(TimeSpan.Zero)
        );

    private static string KeyOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    /// <summary>What the object says of itself; null where that is only its type's name, or nothing.</summary>
    private static string? ToText(object value)
    {
        try
        {
            string? text = value.ToString();
            return text is null || text == NameOf(value) || text.EndsWith("{ }", StringComparison.Ordinal) ? null : text;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }
}

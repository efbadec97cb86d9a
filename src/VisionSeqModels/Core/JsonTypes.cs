using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VisionSeqModels.Core;

/// <summary>How JSON finds the members of a type: those of this library from source-generated contexts, a user's own by
/// reflection, where the application has that switched on.</summary>
internal static class JsonTypes
{
    private static readonly IReadOnlyList<JsonSerializerContext> Contexts =
    [
        .. typeof(JsonTypes).Assembly.GetCustomAttributes<JsonContextAttribute>().Select(attribute => attribute.Context),
    ];

    /// <summary>A resolver never uses reflection for a type of this library: one that no context has is not found, in every
    /// host alike.</summary>
    public static IJsonTypeInfoResolver Resolver { get; } =
        JsonTypeInfoResolver.Combine([
            .. Contexts.Select(context => context.WithAddedModifier(InitOnlyProperties.KeepDefaults)),
            .. JsonSerializer.IsReflectionEnabledByDefault ? [OfUser()] : Array.Empty<IJsonTypeInfoResolver>(),
        ]);

    /// <summary>Enums as text.</summary>
    public static IReadOnlyList<JsonConverter> Converters { get; } =
    [
        .. Contexts.SelectMany(context => context.Options.Converters),
        .. JsonSerializer.IsReflectionEnabledByDefault ? [EnumsOfUser()] : Array.Empty<JsonConverter>(),
    ];

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The application has switched reflection on.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The application has switched reflection on.")]
    private static UserTypes OfUser() => new(new DefaultJsonTypeInfoResolver());

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The application has switched reflection on.")]
    private static JsonStringEnumConverter EnumsOfUser() => new(JsonNamingPolicy.SnakeCaseLower);

    private sealed class UserTypes(IJsonTypeInfoResolver all) : IJsonTypeInfoResolver
    {
        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) =>
            type.Assembly == typeof(JsonTypes).Assembly ? null : all.GetTypeInfo(type, options);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace VisionSeqModels.Core;

/// <summary>Writes an enum's values as text in snake_case.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
internal sealed class SnakeCaseEnum<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower)
    where TEnum : struct, Enum;

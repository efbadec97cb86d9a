using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>A description as the text of one metadata entry. Reading it builds records of numbers and texts; nothing in it
/// names a type or a file.</summary>
internal static class ModelDescriptionJson
{
    public const string MetadataKey = "visionseqmodels";
    private const string FormatKey = "format";
    private const int CurrentFormat = 1;

    private static readonly HashSet<string> Keys =
    [
        FormatKey,
        .. typeof(ModelDescription)
            .GetProperties()
            .Where(property => property.SetMethod?.IsPublic == true)
            .Select(property => Key(property.Name)),
    ];

    public static string Write(ModelDescription description)
    {
        description.Check().ThrowIfAny();
        var json = new JsonObject { [FormatKey] = CurrentFormat };
        foreach (var (name, value) in JsonFormat.Object(description))
        {
            if (value is not null)
            {
                json[name] = value.DeepClone();
            }
        }

        return json.ToJsonString(JsonFormat.Compact);
    }

    /// <summary>The description in a file's metadata.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is not sound.</exception>
    public static ModelDescription Read(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(MetadataKey, out string? text))
        {
            throw new InvalidDataException(
                $"'{path}' does not say which model its weights are of. Build the model and call LoadWeights, or save it by "
                    + "ModelFile.Save."
            );
        }

        try
        {
            return Parse(text);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or InvalidOptionsException)
        {
            throw new InvalidDataException($"The description of the model in '{path}' is not sound: {e.Message}", e);
        }
    }

    private static ModelDescription Parse(string text)
    {
        var json = JsonFormat.Parse(text);
        if (json[FormatKey] is not JsonValue number || !number.TryGetValue(out int format))
        {
            throw new FormatException($"it has no number '{FormatKey}'.");
        }

        if (format != CurrentFormat || json.FirstOrDefault(entry => !Keys.Contains(entry.Key)).Key is string)
        {
            string what =
                format != CurrentFormat
                    ? $"it has the format {format}, and this version reads format {CurrentFormat}"
                    : $"it has the unknown key '{PlainText.Of(json.First(entry => !Keys.Contains(entry.Key)).Key)}'";
            throw new FormatException(
                $"{what}. It was written by version {Version(json)}, and this is {TorchRuntime.LibraryVersion}; use that version."
            );
        }

        var description = JsonFormat.Read<ModelDescription>(json)!;
        description.Check().ThrowIfAny();
        return description;
    }

    private static string Version(JsonObject json) =>
        json[Key(nameof(ModelDescription.LibraryVersion))] is JsonValue value && value.TryGetValue(out string? version)
            ? PlainText.Of(version)
            : "unknown";

    private static string Key(string property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property);
}

using System.Text.Json.Nodes;

namespace VisionSeqModels.Inference;

/// <summary>What a file says of itself besides the graph (metadata_props); docs/deploy.md lists it.</summary>
internal static class OnnxMetadata
{
    /// <summary>The entries, in order.</summary>
    /// <param name="inputs">What the graph takes and gives.</param>
    /// <param name="names">The names of the outputs; null where they have none.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(OnnxInputs inputs, IReadOnlyList<string>? names)
    {
        var options = inputs.Options;
        var entries = new List<KeyValuePair<string, string>>
        {
            new("input", inputs.Kind.ToString().ToLowerInvariant()),
            new("output", inputs.Output.ToString().ToLowerInvariant()),
        };
        if (inputs.Targets is ModelOutput targets)
        {
            entries.Add(new("targets", targets.ToString().ToLowerInvariant()));
        }

        Add("class_names", names, name => JsonValue.Create(name));
        Add("mean", options.Normalization?.Mean ?? options.Features?.Mean, number => JsonValue.Create(number));
        Add(
            "standard_deviation",
            options.Normalization?.StandardDeviation ?? options.Features?.StandardDeviation,
            number => JsonValue.Create(number)
        );
        Add("target_mean", options.Targets?.Mean, number => JsonValue.Create(number));
        Add("target_standard_deviation", options.Targets?.StandardDeviation, number => JsonValue.Create(number));
        if (options.Preparation is ImagePreparation preparation)
        {
            entries.Add(new("resize", Text(preparation.Resize)));
            entries.Add(new("background", preparation.Background));
        }

        return entries;

        void Add<T>(string key, IReadOnlyList<T>? values, Func<T, JsonNode?> node)
        {
            if (values is not null)
            {
                entries.Add(new(key, new JsonArray([.. values.Select(node)]).ToJsonString()));
            }
        }
    }

    private static string Text(ImageResize resize) =>
        resize switch
        {
            ImageResize.Stretch => "stretch",
            ImageResize.Letterbox => "letterbox",
            _ => "shorter_side",
        };
}

using System.Globalization;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels.Training;

/// <summary>A trainer's options as JSON: for run.json, and to compare those of a saved run with those of one that resumes
/// it.</summary>
internal static class OptionsJson
{
    private const string FreezingKey = "freezing"; // only where there are rules
    private const string PrecisionKey = "precision"; // only where it is not float32
    private const string ShardsKey = "shards"; // only where there are several

    // Position in the data and content of the optimizer's state hang on these.
    private static readonly string[] MustStay =
    [
        "batch_size",
        "gradient_accumulation_steps",
        "shuffle",
        "drop_last",
        "sampling",
        "validation_split",
        "optimizer",
        FreezingKey,
        ShardsKey,
    ];

    // Sums within an epoch hang on these besides.
    private static readonly string[] MustStayWithinAnEpoch = ["loss", "loss_options", "metrics"];

    /// <summary>The options; those that the source of ready-made batches ignores are null.</summary>
    public static JsonObject Of(TrainerOptions options, IBatchSource train)
    {
        var json = Of(options);
        if (train is EnumerableSource { HasOwnBatches: true })
        {
            json["batch_size"] = json["shuffle"] = json["drop_last"] = null;
        }

        return json;
    }

    private static JsonObject Of(TrainerOptions options)
    {
        var json = Always(options);
        if (options.Freezing.Count > 0)
        {
            json[FreezingKey] = Freezing(options);
        }

        if (options.Precision != TrainingPrecision.Float32)
        {
            json[PrecisionKey] = "bfloat16";
        }

        if (options.Shards > 1)
        {
            json[ShardsKey] = options.Shards;
        }

        return json;
    }

    private static JsonObject Always(TrainerOptions options) =>
        new()
        {
            ["epochs"] = options.Epochs,
            ["batch_size"] = options.BatchSize,
            ["evaluation_batch_size"] = options.EvaluationBatchSize,
            ["gradient_accumulation_steps"] = options.GradientAccumulationSteps,
            ["optimizer"] = JsonFormat.Object(options.Optimizer, options.Optimizer.GetType()),
            ["schedule"] = Named(
                options.Schedule.GetType().Name,
                JsonFormat.Object(options.Schedule, options.Schedule.GetType())
            ),
            ["clip_gradient_norm"] = options.ClipGradientNorm,
            ["clip_gradient_value"] = options.ClipGradientValue,
            ["loss"] = options.Loss.Name,
            ["loss_options"] = JsonFormat.Node(options.Loss.Options),
            ["metrics"] = new JsonArray([.. options.Metrics.Select(metric => JsonValue.Create(metric.Name))]),
            ["augmentations"] = new JsonArray([
                .. options.Augmentations.Select(augmentation =>
                    Named(augmentation.Name, JsonFormat.Object(augmentation, augmentation.GetType()))
                ),
            ]),
            ["validation_split"] = options.ValidationSplit,
            ["seed"] = options.Seed,
            ["device"] = options.Device,
            ["shuffle"] = options.Shuffle,
            ["drop_last"] = options.DropLast,
            ["sampling"] = options.Sampling is null
                ? null
                : Named(options.Sampling.GetType().Name, JsonFormat.Object(options.Sampling)),
            ["evaluate_every"] = options.EvaluateEveryEpochs,
        };

    private static JsonArray Freezing(TrainerOptions options) =>
        new([.. options.Freezing.Select(rule => Named(rule.GetType().Name, JsonFormat.Object(rule)))]);

    /// <summary>What differs, a text each; an exception where a difference makes it impossible to resume.</summary>
    /// <param name="saved">The options of the saved run. One that it lacks is younger than the run, and no difference.</param>
    /// <param name="now">The options now.</param>
    /// <param name="epoch">The epoch that the run stopped within; null where it stopped between two.</param>
    /// <exception cref="InvalidOperationException">Differences that would make the saved position, optimizer state or sums
    /// meaningless.</exception>
    public static IReadOnlyList<string> Differences(JsonObject saved, JsonObject now, int? epoch)
    {
        var dropped = saved.Where(entry => entry.Key is FreezingKey or PrecisionKey or ShardsKey && !now.ContainsKey(entry.Key));
        var all = now.Concat(dropped.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)null)))
            .Where(entry =>
                entry.Key != "seed"
                && (saved.ContainsKey(entry.Key) || MustStay.Contains(entry.Key) || entry.Key == PrecisionKey)
                && !IsIgnored(entry)
                && !JsonNode.DeepEquals(entry.Value, Saved(entry.Key))
            )
            .Select(entry => (entry.Key, Text: $"{entry.Key} {Text(saved[entry.Key])} became {Text(entry.Value)}"))
            .ToList();
        JsonNode? Saved(string key) => key == "optimizer" ? Completed(saved[key], now[key]) : saved[key];
        string Of(IEnumerable<string> keys) =>
            string.Join(
                "; ",
                all.Where(entry => keys.Contains(entry.Key) && !IsLearningRateOnly(entry.Key, saved, now))
                    .Select(entry => entry.Text)
            );

        if (Of(MustStay) is { Length: > 0 } fatal)
        {
            throw new InvalidOperationException(
                $"The run cannot be resumed with these options, because its saved position or optimizer state would not fit: "
                    + $"{fatal}. Give back the options that it was begun with, or begin a new run."
            );
        }

        if (epoch is int within && Of(MustStayWithinAnEpoch) is { Length: > 0 } ofSums)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The run stopped within epoch {within}, whose sums so far are of ")
                    + $"another loss or other metrics: {ofSums}. Give back those that it was begun with; they may change between "
                    + "two epochs."
            );
        }

        return [.. all.Select(entry => entry.Text)];
    }

    /// <summary>An option that the data ignores. Earlier versions recorded its value all the same.</summary>
    private static bool IsIgnored(KeyValuePair<string, JsonNode?> entry) =>
        entry is { Key: "batch_size" or "shuffle" or "drop_last", Value: null };

    private static bool IsLearningRateOnly(string key, JsonObject saved, JsonObject now)
    {
        if (key != "optimizer" || saved[key] is not JsonObject before || now[key] is not JsonObject after)
        {
            return false;
        }

        var copy = after.DeepClone().AsObject();
        copy["learning_rate"] = before["learning_rate"]?.DeepClone();
        return JsonNode.DeepEquals(Completed(before, now: copy), copy);
    }

    /// <summary>A saved optimizer with the options that it lacks because they are younger than the run; such an option was
    /// off.</summary>
    private static JsonNode? Completed(JsonNode? saved, JsonNode? now)
    {
        if (saved is not JsonObject before || now is not JsonObject after)
        {
            return saved;
        }

        var completed = before.DeepClone().AsObject();
        foreach (var (key, value) in after)
        {
            if (!completed.ContainsKey(key) && value?.ToJsonString() is "false" or "0")
            {
                completed[key] = value!.DeepClone();
            }
        }

        return completed;
    }

    private static JsonObject Named(string name, JsonObject properties)
    {
        var node = new JsonObject { ["name"] = name };
        foreach (var (key, entry) in properties)
        {
            node.TryAdd(key, entry?.DeepClone());
        }

        return node;
    }

    private static string Text(JsonNode? node) => node?.ToJsonString(JsonFormat.Compact) ?? "null";
}

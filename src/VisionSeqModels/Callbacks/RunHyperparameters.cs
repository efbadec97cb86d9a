using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Training;

namespace VisionSeqModels;

/// <summary>What TensorBoard's table of hyperparameters says of a run: all in which two runs may differ, a number, text or
/// boolean each.</summary>
internal static class RunHyperparameters
{
    /// <summary>Options that stand in the table by another name, or change no result.</summary>
    private static readonly string[] Left =
    [
        "batch_size",
        "device",
        "epochs",
        "evaluate_every",
        "evaluation_batch_size",
        "gradient_accumulation_steps",
        "loss",
        "metrics",
        "optimizer",
        "schedule",
        "seed",
    ];

    public static Dictionary<string, object> Of(FitContext context)
    {
        var options = context.Options;
        var values = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["optimizer"] = options.Optimizer.Name,
            ["learning_rate"] = options.Optimizer.LearningRate,
            ["batch_size"] = options.BatchSize * options.GradientAccumulationSteps,
            ["epochs"] = options.Epochs,
            ["loss"] = options.Loss.Name,
            ["schedule"] = options.Schedule.GetType().Name,
            ["seed"] = (double)context.History.Seed,
        };
        var json = OptionsJson.Of(options, context.Train);
        AddAll(values, "", json["optimizer"]); // momentum, weight_decay, …
        AddAll(values, "schedule_", json["schedule"]);
        foreach (var (name, value) in json.Where(entry => !Left.Contains(entry.Key)))
        {
            Add(values, name, value);
        }

        if (context.Model is IConfiguredModel configured)
        {
            AddAll(values, "model_", JsonFormat.Node(configured.Options));
        }

        foreach (var (name, value) in options.Factors ?? new Dictionary<string, string>())
        {
            Add(values, $"factor_{name.Replace(' ', '_')}", Parsed(value));
        }

        return values;
    }

    private static void AddAll(Dictionary<string, object> values, string prefix, JsonNode? entries)
    {
        foreach (var (name, value) in entries as JsonObject ?? [])
        {
            if (name != "name")
            {
                Add(values, prefix + name, value);
            }
        }
    }

    private static void Add(Dictionary<string, object> values, string name, JsonNode? value)
    {
        switch (value?.GetValueKind())
        {
            case JsonValueKind.Number:
                values.TryAdd(name, double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)); // of whatever type
                break;
            case JsonValueKind.String:
                values.TryAdd(name, value.GetValue<string>());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                values.TryAdd(name, value.GetValue<bool>());
                break;
            case JsonValueKind.Array when value.AsArray().Count > 0:
                values.TryAdd(name, value.ToJsonString(JsonFormat.Compact));
                break;
            case JsonValueKind.Object:
                AddAll(values, name + "_", value);
                break;
        }
    }

    /// <summary>A factor's label as a number where it is one, so that the table can sort by it.</summary>
    private static JsonValue Parsed(string label) =>
        double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(label);
}

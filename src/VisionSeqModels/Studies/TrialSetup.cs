using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Runs;
using VisionSeqModels.Torch;
using VisionSeqModels.Training;
using static TorchSharp.torch;

namespace VisionSeqModels.Studies;

/// <summary>All that a trial is run with, as far as it can be seen: options, model, data, and the callbacks that change
/// training. It stands in trial.json, beside the run's own files.</summary>
internal static class TrialSetup
{
    public const string FileName = "trial.json";
    private const string Library = "library";

    /// <summary>Groups that hold private settings, which another version of the library may name otherwise.</summary>
    private static readonly string[] OfOneVersion = ["loss", "metrics", "callbacks", "modules"];

    /// <summary>Describes a trial as it is built now.</summary>
    /// <param name="entry">Which trial.</param>
    /// <param name="trial">What was built for it.</param>
    /// <param name="options">Its options with what the study sets.</param>
    /// <param name="data">Its data.</param>
    public static JsonObject Of(StudyFile.Entry entry, StudyTrial trial, TrainerOptions options, FitData data)
    {
        var images = data.Train as IImageSource;
        var classNames = images?.ClassNames ?? (data.Train as ISequenceSource)?.ClassNames;
        return new JsonObject
        {
            [Library] = TorchRuntime.Describe().VisionSeqModels,
            ["trial"] = new JsonObject
            {
                ["setting"] = entry.Setting,
                ["factors"] = JsonFormat.Node(entry.Factors),
                ["fold"] = entry.Fold,
            },
            ["trainer"] = OptionsJson.Of(options, data.Train),
            ["loss"] = ObjectSettings.OfFields(options.Loss, options.Loss.GetType(), typeof(Loss)),
            ["metrics"] = List(
                options.Metrics.Select(metric => ObjectSettings.OfFields(metric, metric.GetType(), typeof(Metric)))
            ),
            ["model"] = new JsonObject
            {
                ["name"] = trial.Model.GetName(),
                ["parameters"] = trial.Model.parameters().Sum(parameter => parameter.numel()),
                ["options"] = trial.Model is IConfiguredModel model ? JsonFormat.Node(model.Options) : null,
            },
            ["modules"] = Modules(trial.Model),
            ["weights"] = Weights(trial.Model),
            ["callbacks"] = List(
                trial
                    .Callbacks.Where(ChangesTraining)
                    .Select(callback => ObjectSettings.OfProperties(callback, callback.GetType()))
            ),
            ["data"] = new JsonObject
            {
                ["source"] = data.Train.Name,
                ["train_samples"] = data.Train.SampleCount,
                ["validation_samples"] = data.Validation?.SampleCount,
                ["test_source"] = data.Test?.Name,
                ["test_samples"] = data.Test?.SampleCount,
                ["image_shape"] = images is null ? null : new JsonArray(images.Channels, images.Height, images.Width),
                ["class_names"] = classNames is null ? null : JsonFormat.Node(classNames),
            },
        };
    }

    public static void Write(JsonObject setup, string folder) =>
        AtomicFile.WriteAllText(Path.Combine(folder, FileName), setup.ToJsonString(JsonFormat.Indented) + "\n");

    /// <summary>What a trial was run with. Of a trial of an earlier version it is what its run.json says; null where it has
    /// none.</summary>
    /// <exception cref="JsonException">The file is damaged.</exception>
    public static JsonObject? Read(string folder, RunRecord? record)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? JsonFormat.Parse(FileSystem.Current.ReadAllText(path))
            : record is null ? null
            : Of(record);
    }

    /// <summary>What differs, a text each: the option, what it was and what it is.</summary>
    public static IReadOnlyList<string> Differences(JsonObject saved, JsonObject now)
    {
        (saved, now) = (AsRead(saved), AsRead(now)); // numbers compare as they stand in a file
        bool sameVersion = JsonNode.DeepEquals(saved[Library], now[Library]);
        var texts = new List<string>();
        foreach (var (group, value) in now)
        {
            if (group != Library && saved.ContainsKey(group) && (sameVersion || !OfOneVersion.Contains(group)))
            {
                Compare(texts, group == "trainer" ? "" : group, saved[group], value);
            }
        }

        return texts;
    }

    private static JsonObject Of(RunRecord record)
    {
        bool wasSplit = record.Data?.ValidationSamples is not null;
        var data = new JsonObject { ["source"] = record.Source, ["test_samples"] = record.Data?.TestSamples };
        if (!wasSplit)
        {
            data["train_samples"] = record.Data?.TrainSamples;
        }

        var setup = new JsonObject { ["data"] = data };
        if (record.Trainer is not null)
        {
            setup["trainer"] = record.Trainer.DeepClone();
        }

        if (record.Model is { } model)
        {
            setup["model"] = new JsonObject
            {
                ["name"] = model.Name,
                ["parameters"] = model.Parameters,
                ["options"] = model.Options?.DeepClone(),
            };
        }

        return setup;
    }

    private static void Compare(List<string> texts, string path, JsonNode? saved, JsonNode? now)
    {
        if (saved is JsonObject before && now is JsonObject after)
        {
            foreach (string key in before.Select(entry => entry.Key).Union(after.Select(entry => entry.Key)))
            {
                bool isNew = !before.ContainsKey(key) && IsOff(after[key]),
                    isGone = !after.ContainsKey(key) && IsOff(before[key]);
                if (!isNew && !isGone && (path != "data" || before.ContainsKey(key)))
                {
                    Compare(texts, $"{path} {key}".TrimStart(), before[key], after[key]);
                }
            }
        }
        else if (
            saved is JsonArray { Count: > 0 } first
            && now is JsonArray second
            && first.Count == second.Count
            && first[0] is JsonObject
        )
        {
            for (int i = 0; i < first.Count; i++)
            {
                string name = (string?)(first[i] as JsonObject)?["name"] ?? $"{i + 1}";
                Compare(texts, $"{path} {name}", first[i], second[i]);
            }
        }
        else if (!JsonNode.DeepEquals(saved, now))
        {
            texts.Add($"{path} was {Text(saved)} and is {Text(now)}");
        }
    }

    /// <summary>An option that one version lacks is off there.</summary>
    private static bool IsOff(JsonNode? value) => value is null || value.ToJsonString() is "false" or "0" or "[]" or "null";

    private static bool ChangesTraining(Callback callback) =>
        callback.Stage <= CallbackStage.Decide
        && (
            callback is IStatefulCallback
            || callback.Stage == CallbackStage.Decide
            || callback.SetsFinalWeights
            || callback.GetType().Assembly == typeof(Callback).Assembly
        );

    private static JsonObject Modules(nn.Module model)
    {
        var modules = new JsonObject { ["model"] = ObjectSettings.OfModule(model) };
        foreach (var (name, module) in model.named_modules())
        {
            modules[name] = ObjectSettings.OfModule(module);
        }

        return modules;
    }

    private static JsonObject Weights(nn.Module model)
    {
        var weights = new JsonObject();
        foreach (var (name, parameter) in model.named_parameters())
        {
            weights[name] =
                $"{parameter.dtype} [{string.Join(", ", parameter.shape)}]{(parameter.requires_grad ? "" : " frozen")}";
        }

        return weights;
    }

    private static JsonObject AsRead(JsonObject json) => JsonFormat.Parse(json.ToJsonString(JsonFormat.Compact));

    private static JsonArray List(IEnumerable<JsonObject> entries) => new([.. entries]);

    private static string Text(JsonNode? node) =>
        node is JsonObject parts && (string?)parts["name"] is string name ? name
        : node is JsonArray list ? $"[{string.Join(", ", list.Select(Text))}]"
        : node?.ToJsonString(JsonFormat.Compact) ?? "none";
}

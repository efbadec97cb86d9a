using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Runs;
using VisionSeqModels.Torch;

namespace VisionSeqModels.Training;

/// <summary>The content of run.json.</summary>
internal sealed class RunJson(string path, FitContext context, JsonObject? extra)
{
    public static string StatusOf(StopReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    public void Write(string status) => AtomicFile.WriteAllText(path, Content(status).ToJsonString(JsonFormat.Indented) + "\n");

    private JsonObject Content(string status)
    {
        var history = context.History;
        var content = new JsonObject
        {
            ["format"] = 1,
            ["status"] = status,
            ["stop_message"] = history.StopMessage,
            ["started"] = history.StartedAt.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture),
            ["seconds"] = Number(context.SecondsSoFar),
            ["source"] = context.Train.Name,
            ["data"] = Data(),
            ["model"] = Model(),
            ["trainer"] = OptionsJson.Of(context.Options),
            ["seed"] = history.Seed,
            ["device"] = history.Device,
            ["threads"] = history.ThreadCount,
            ["versions"] = JsonFormat.Node(TorchRuntime.Describe()),
            ["epochs_done"] = history.Epochs.Count(epoch => !epoch.IsPartial),
            ["steps"] = context.Step,
            ["final"] = history.Epochs.Count == 0 ? null : Figures(history.Epochs[^1]),
            ["best"] = Best(),
            ["epochs"] = JsonFormat.Node(history.Epochs),
            ["resumes"] = JsonFormat.Node(history.Resumes),
        };
        foreach (var (name, value) in extra ?? [])
        {
            content[name] = value?.DeepClone();
        }

        return content;
    }

    private JsonObject Data() =>
        new()
        {
            ["source"] = context.Train.Name,
            ["train_samples"] = context.Train.SampleCount,
            ["validation_samples"] = context.Validation?.SampleCount,
            ["test_samples"] = context.Test?.SampleCount,
            ["image_shape"] = Images is { } images ? new JsonArray(images.Channels, images.Height, images.Width) : null,
            ["class_names"] = Images is { } named
                ? new JsonArray([.. named.ClassNames.Select(name => JsonValue.Create(name))])
                : null,
        };

    private IImageSource? Images => context.Train as IImageSource;

    private JsonObject Model() =>
        new()
        {
            ["name"] = context.Model.GetName(),
            ["parameters"] = context.Model.parameters().Sum(parameter => parameter.numel()),
            ["options"] = context.Model is IConfiguredModel model ? JsonFormat.Node(model.Options) : null,
        };

    /// <summary>For each figure its best value and the epoch that had it.</summary>
    private JsonObject Best()
    {
        var best = new JsonObject();
        foreach (string metric in context.MetricNames)
        {
            if (context.History.Best(metric, context.HigherIsBetter(metric)) is EpochRecord epoch)
            {
                best[metric] = new JsonObject { ["value"] = Number(epoch[metric]!.Value), ["epoch"] = epoch.Epoch };
            }
        }

        return best;
    }

    private static JsonObject Figures(EpochRecord epoch)
    {
        var figures = new JsonObject { ["epoch"] = epoch.Epoch };
        foreach (var (name, value) in epoch.Metrics)
        {
            figures[name] = Number(value);
        }

        figures["learning_rate"] = epoch.LearningRate;
        figures["samples_per_second"] = Number(epoch.SamplesPerSecond);
        return figures;
    }

    // JSON has no NaN: it becomes the text "NaN".
    private static JsonNode? Number(double value) => JsonFormat.Node(value);
}

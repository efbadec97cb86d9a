using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using VisionSeqModels.Data;
using VisionSeqModels.Models;
using VisionSeqModels.Runtime;

namespace VisionSeqModels.Training;

/// <summary>The content of run.json.</summary>
internal sealed class RunJson(string path, FitContext context, JsonObject? extra)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly DateTimeOffset _started = TimeProvider.System.GetLocalNow();

    public static string StatusOf(StopReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    public void Write(string status) => AtomicFile.WriteAllText(path, Content(status).ToJsonString(Format) + "\n");

    private JsonObject Content(string status)
    {
        var history = context.History;
        var content = new JsonObject
        {
            ["status"] = status,
            ["stop_message"] = history.StopMessage,
            ["started"] = _started.ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture),
            ["seconds"] = Number((TimeProvider.System.GetLocalNow() - _started).TotalSeconds),
            ["source"] = context.Train.Name,
            ["data"] = Data(),
            ["model"] = Model(),
            ["trainer"] = Trainer(),
            ["seed"] = history.Seed,
            ["device"] = history.Device,
            ["threads"] = history.ThreadCount,
            ["versions"] = JsonSerializer.SerializeToNode(TorchRuntime.Describe(), Format),
            ["epochs_done"] = history.Epochs.Count(epoch => !epoch.IsPartial),
            ["steps"] = context.Step,
            ["final"] = history.Epochs.Count == 0 ? null : Figures(history.Epochs[^1]),
            ["best"] = Best(),
        };
        foreach (var (name, value) in extra ?? [])
        {
            content[name] = value?.DeepClone();
        }

        return content;
    }

    private JsonObject Data() => new()
    {
        ["source"] = context.Train.Name,
        ["train_samples"] = context.Train.SampleCount,
        ["test_samples"] = context.Test?.SampleCount,
        ["image_shape"] = context.Train is ImageDataset images ? new JsonArray(images.Channels, images.Height, images.Width) : null,
        ["class_names"] = context.Train is ImageDataset named ? new JsonArray([.. named.ClassNames.Select(name => JsonValue.Create(name))]) : null,
    };

    private JsonObject Model() => new()
    {
        ["name"] = context.Model.GetName(),
        ["parameters"] = context.Model.parameters().Sum(parameter => parameter.numel()),
        ["options"] = context.Model is IConfiguredModel model ? JsonSerializer.SerializeToNode(model.Options, model.Options.GetType(), Format) : null,
    };

    private JsonObject Trainer()
    {
        var options = context.Options;
        var optimizer = JsonSerializer.SerializeToNode(options.Optimizer, options.Optimizer.GetType(), Format)!.AsObject();
        return new JsonObject
        {
            ["epochs"] = options.Epochs,
            ["batch_size"] = options.BatchSize,
            ["evaluation_batch_size"] = options.EvaluationBatchSize,
            ["optimizer"] = optimizer,
            ["loss"] = options.Loss.Name,
            ["metrics"] = new JsonArray([.. options.Metrics.Select(metric => JsonValue.Create(metric.Name))]),
            ["seed"] = options.Seed,
            ["device"] = options.Device,
            ["shuffle"] = options.Shuffle,
            ["drop_last"] = options.DropLast,
            ["evaluate_every"] = options.EvaluateEvery,
        };
    }

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
    private static JsonNode? Number(double value) => JsonSerializer.SerializeToNode(value, Format);
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;
using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Training;

/// <summary>All ranks must train the same model with the same options, on the same data, with the same versions.</summary>
internal static class RankCheck
{
    /// <summary>Compares them before anything is trained.</summary>
    /// <exception cref="InvalidOperationException">A rank differs from rank 0; the message names how.</exception>
    public static void Compare(ShardRanks ranks, nn.Module model, FitData data, TrainerOptions options, CallbackList callbacks)
    {
        string mine = JsonFormat.Serialize(Describe(model, data, options, callbacks), JsonFormat.Compact);
        var all = ranks.Gather(default, Encoding.UTF8.GetBytes(mine)).Select(Encoding.UTF8.GetString).ToList();
        int other = all.FindIndex(text => text != all[0]);
        if (other >= 0)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"Rank {other} differs from rank 0 in ")
                    + string.Join("; ", Differences(JsonFormat.Parse(all[0]), JsonFormat.Parse(all[other])))
                    + ". Start every rank with the same program, options and data."
            );
        }
    }

    private static IEnumerable<string> Differences(JsonObject first, JsonObject other) =>
        first
            .Select(entry => entry.Key)
            .Union(other.Select(entry => entry.Key), StringComparer.Ordinal)
            .Where(key => !JsonNode.DeepEquals(first[key], other[key]))
            .Select(key => $"{key}: {Text(other[key])}, not {Text(first[key])}");

    private static string Text(JsonNode? node) => node?.ToJsonString(JsonFormat.Compact) ?? "null";

    private static JsonObject Describe(nn.Module model, FitData data, TrainerOptions options, CallbackList callbacks)
    {
        var runtime = TorchRuntime.Describe();
        var all = OptionsJson.Of(options, data.Train);
        all.Remove("seed"); // that of rank 0 is everybody's
        foreach (var (key, value) in all.ToList())
        {
            all.Remove(key);
            all[$"option {key}"] = value;
        }

        all["VisionSeqModels"] = runtime.VisionSeqModels;
        all["TorchSharp"] = runtime.TorchSharp;
        all[".NET"] = runtime.Dotnet;
        all["architecture"] = runtime.Architecture;
        all["threads"] = get_num_threads();
        all["model"] = model.GetName();
        all["parameters and buffers"] = string.Join(
            ", ",
            model.state_dict().Select(entry => $"{entry.Key} {entry.Value.dtype} {Shape.Of(entry.Value)}")
        );
        all["trained parameters"] = string.Join(
            ", ",
            model.named_parameters().Where(entry => entry.parameter.requires_grad).Select(entry => entry.name)
        );
        all["callbacks on all ranks"] = callbacks.OnAllRanks;
        all["training data"] = Text(data.Train);
        all["validation data"] = Text(data.Validation);
        all["test data"] = Text(data.Test);
        return all;
    }

    private static string? Text(IBatchSource? data) =>
        data is null ? null : string.Create(CultureInfo.InvariantCulture, $"{data.SampleCount} samples of {data.Name}");
}

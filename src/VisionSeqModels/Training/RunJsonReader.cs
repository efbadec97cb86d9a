using System.Text.Json;
using System.Text.Json.Nodes;

namespace VisionSeqModels.Training;

/// <summary>Reads run.json back into a typed record.</summary>
internal static class RunJsonReader
{
    public static TrainingHistory Read(string runDirectory)
    {
        string path = Path.Combine(runDirectory, "run.json");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The folder '{Path.GetFullPath(runDirectory)}' holds no run: run.json is missing.", path);
        }

        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            int? format = (int?)json["format"];
            return format == 1 ? History(json, runDirectory) : throw new InvalidDataException($"'{path}' has the format {format}, but this version reads format 1.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException or KeyNotFoundException)
        {
            throw new InvalidDataException($"'{path}' is no record of a run: {e.Message}", e);
        }
    }

    private static TrainingHistory History(JsonObject json, string runDirectory)
    {
        var history = new TrainingHistory
        {
            StopReason = json["status"].Deserialize<StopReason>(JsonFormat.Compact),
            StopMessage = (string?)json["stop_message"],
            StartedAt = json["started"].Deserialize<DateTimeOffset>(JsonFormat.Compact),
            Seconds = json["seconds"].Deserialize<double>(JsonFormat.Compact),
            Seed = (long)json["seed"]!,
            Device = (string)json["device"]!,
            ThreadCount = (int)json["threads"]!,
            Steps = (long)json["steps"]!,
            RunDirectory = runDirectory,
        };
        foreach (var epoch in json["epochs"].Deserialize<List<EpochRecord>>(JsonFormat.Compact)!)
        {
            history.Add(epoch);
        }

        foreach (var resume in json["resumes"].Deserialize<List<ResumeRecord>>(JsonFormat.Compact)!)
        {
            history.Add(resume);
        }

        return history;
    }
}

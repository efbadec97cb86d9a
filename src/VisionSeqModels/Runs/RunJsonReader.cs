using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Core;

namespace VisionSeqModels.Runs;

/// <summary>Reads run.json back into a typed record.</summary>
internal static class RunJsonReader
{
    public static TrainingHistory Read(string runDirectory)
    {
        string path = Path.Combine(runDirectory, "run.json");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"The folder '{Path.GetFullPath(runDirectory)}' holds no run: run.json is missing.",
                path
            );
        }

        try
        {
            var json = JsonFormat.Parse(File.ReadAllText(path));
            int? format = (int?)json["format"];
            return format == 1
                ? History(json, runDirectory)
                : throw new InvalidDataException($"'{path}' has the format {format}, but this version reads format 1.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is no record of a run: {e.Message}", e);
        }
    }

    private static TrainingHistory History(JsonObject json, string runDirectory)
    {
        var history = new TrainingHistory
        {
            StopReason = Read<StopReason>(json, "status"),
            StopMessage = (string?)json["stop_message"],
            StartedAt = Read<DateTimeOffset>(json, "started"),
            Seconds = Read<double>(json, "seconds"),
            Seed = Read<long>(json, "seed"),
            Device = Read<string>(json, "device"),
            ThreadCount = Read<int>(json, "threads"),
            Steps = Read<long>(json, "steps"),
            RunDirectory = runDirectory,
        };
        foreach (var epoch in Read<List<EpochRecord?>>(json, "epochs"))
        {
            history.Add(epoch ?? throw new JsonException("an epoch is null."));
        }

        foreach (var resume in Read<List<ResumeRecord?>>(json, "resumes"))
        {
            history.Add(resume ?? throw new JsonException("an entry of 'resumes' is null."));
        }

        return history;
    }

    private static T Read<T>(JsonObject json, string name) =>
        json[name].Deserialize<T>(JsonFormat.Reading) ?? throw new JsonException($"it lacks '{name}'.");
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace VisionSeqModels.Benchmarks.History;

/// <summary>The history: a file with a line of JSON a measured commit and processor.</summary>
internal static class HistoryFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The lines; none where there is no file.</summary>
    public static IReadOnlyList<HistoryEntry> Read(string file) =>
        File.Exists(file)
            ?
            [
                .. File.ReadLines(file)
                    .Where(line => line.Length > 0)
                    .Select(line => JsonSerializer.Deserialize<HistoryEntry>(line, Json)!),
            ]
            : [];

    /// <summary>Adds a line.</summary>
    public static void Append(string file, HistoryEntry entry) =>
        File.AppendAllText(file, JsonSerializer.Serialize(entry, Json) + "\n");

    /// <summary>Why a measurement could not be a line; null where it can.</summary>
    /// <param name="entries">The lines so far.</param>
    /// <param name="commit">The commit that is checked out; null where there is none.</param>
    /// <param name="changes">What <c>git status --porcelain</c> prints.</param>
    /// <param name="processor">The processor.</param>
    public static string? Refusal(IReadOnlyList<HistoryEntry> entries, string? commit, string changes, string processor)
    {
        if (commit is null)
        {
            return "No commit is checked out here, so a line could not say what was measured.";
        }

        if (!string.IsNullOrWhiteSpace(changes))
        {
            return $"The working tree differs from commit {commit} outside docs/: commit the changes before they are measured.";
        }

        return entries.Any(entry => entry.Commit == commit && entry.Processor == processor)
            ? $"The history has a line of commit {commit} on this processor already."
            : null;
    }
}

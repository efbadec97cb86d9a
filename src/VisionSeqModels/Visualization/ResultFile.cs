using System.Text.Json;
using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>Writes the result of a view as JSON.</summary>
internal static class ResultFile
{
    /// <summary>Writes a file, whole or not at all; one that is there is replaced.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save<T>(string path, T result, JsonSerializerOptions format) =>
        AtomicFile.WriteAllText(path, JsonFormat.Serialize(result, format) + "\n");
}

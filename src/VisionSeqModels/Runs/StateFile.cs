using System.Text.Json;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Runs;

/// <summary>
/// The state of a run on disk: <c>last.state.safetensors</c>, and the one before it. Each is whole or absent at any instant, and
/// carries a checksum; of a damaged one the other is taken.
/// </summary>
internal sealed class StateFile(string runDirectory)
{
    private const string StateKey = "training_state";

    public string Last { get; } = Path.Combine(runDirectory, "checkpoints", "last.state.safetensors");

    public string Previous { get; } = Path.Combine(runDirectory, "checkpoints", "previous.state.safetensors");

    public bool Exists => File.Exists(Last) || File.Exists(Previous);

    /// <summary>Writes a new file beside its place, flushes it to disk, moves the last one to where the one before was, and
    /// the new one to its place.</summary>
    public void Write(TrainingState state, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var metadata = new Dictionary<string, string> { [StateKey] = JsonFormat.Serialize(state, JsonFormat.Compact) };
        AtomicFile.Write(Last, stream => ChecksummedSafetensors.Write(stream, tensors, metadata), keepAs: Previous);
    }

    /// <summary>Reads the newest sound state.</summary>
    /// <exception cref="InvalidDataException">No file is sound, or there is none.</exception>
    public LoadedState Read()
    {
        var faults = new List<string>();
        foreach (string path in new[] { Last, Previous }.Where(File.Exists))
        {
            try
            {
                return Read(path, faults.Count == 0 ? null : faults[0]);
            }
            catch (Exception e) when (e is InvalidDataException or JsonException or IOException)
            {
                faults.Add(e.Message);
            }
        }

        throw new InvalidDataException(
            faults.Count == 0
                ? $"The folder '{Path.GetFullPath(runDirectory)}' holds no saved state ({Path.GetFileName(Last)}), so "
                    + "there is no run to resume. Begin one with Fit."
                : $"No saved state in '{Path.GetFullPath(runDirectory)}' can be read. {string.Join(" ", faults)} "
                    + "Begin a new run in another folder."
        );
    }

    private static LoadedState Read(string path, string? warning)
    {
        var content = ChecksummedSafetensors.Read(path);
        try
        {
            if (!content.Metadata.TryGetValue(StateKey, out string? text))
            {
                throw new InvalidDataException($"'{path}' is no training state: it lacks the entry '{StateKey}'.");
            }

            var state = JsonFormat.Read<TrainingState>(JsonFormat.Parse(text))!;
            return state switch
            {
                { Format: not 1 } => throw new InvalidDataException(
                    $"'{path}' has the state format {state.Format}, but this version reads format 1."
                ),
                { IsPossible: false } => throw new InvalidDataException(
                    $"'{path}' is a training state with values that cannot be."
                ),
                _ => new LoadedState(state, content, path, warning),
            };
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}

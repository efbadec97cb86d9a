using VisionSeqModels.Core;

namespace VisionSeqModels.Studies;

/// <summary>A file of a trial's run folder.</summary>
/// <param name="Name">Its path within the run folder, with <c>/</c> between folders, for example
/// <c>checkpoints/last.safetensors</c>.</param>
/// <param name="Path">Where it is on this machine.</param>
public sealed record TrialFile(string Name, string Path)
{
    /// <summary>Writes a file into a run folder, whole or not at all: what <see cref="IStudyLedger.Fetch"/> asks of every
    /// ledger.</summary>
    /// <param name="folder">The run folder; it is created, and so are folders within it.</param>
    /// <param name="name">The file's <see cref="Name"/>, which may come from anywhere. A file of that name is replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="InvalidDataException">The name leads out of the folder, or no system allows it.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there stays.</exception>
    public static void Write(string folder, string name, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(write);
        string[] parts = name.Split('/');
        if (parts.Any(part => part is "" or "." or ".." || part.IndexOfAny(System.IO.Path.GetInvalidFileNameChars()) >= 0))
        {
            throw new InvalidDataException($"The ledger has a file named '{name}', which is no name within a run folder.");
        }

        AtomicFile.Write(System.IO.Path.Combine([folder, .. parts]), write);
    }
}

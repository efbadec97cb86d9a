using VisionSeqModels.Checkpoints;
using static TorchSharp.torch;

namespace VisionSeqModels.Runs;

/// <summary>A state read from disk; its tensors go when it is disposed.</summary>
internal sealed class LoadedState(TrainingState state, SafetensorsContent content, string path, string? warning) : IDisposable
{
    public TrainingState State => state;

    public string Path => path;

    /// <summary>What was wrong with a newer state that could not be used, or null.</summary>
    public string? Warning => warning;

    /// <summary>The tensors whose names begin so, without that beginning.</summary>
    public Dictionary<string, Tensor> Tensors(string prefix) =>
        content
            .Tensors.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value, StringComparer.Ordinal);

    public void Dispose() => content.Dispose();
}

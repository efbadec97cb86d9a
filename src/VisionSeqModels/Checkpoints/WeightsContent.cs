using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>The tensors of a file of weights, of either format. Dispose it to dispose them.</summary>
/// <param name="tensors">By name, on the CPU; they belong to this object.</param>
/// <param name="entry">The dict within a PyTorch checkpoint that they come from; empty otherwise.</param>
internal sealed class WeightsContent(IReadOnlyDictionary<string, Tensor> tensors, string entry) : IDisposable
{
    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    public string Entry => entry;

    /// <summary>Reads a safetensors file, or one of PyTorch's.</summary>
    /// <exception cref="InvalidDataException">The file is not sound.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static WeightsContent Read(string path, string? entry) =>
        PyTorchFile.IsOne(path) ? PyTorchFile.Read(path, entry) : new WeightsContent(Safetensors.Read(path).Tensors, "");

    public void Dispose()
    {
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }
}

using static TorchSharp.torch;

namespace VisionSeqModels.Torch;

/// <summary>Brings values from the device to the host and counts how often: each read waits for the device. Training reads
/// nowhere else.</summary>
internal sealed class HostReader
{
    public long Count { get; private set; }

    /// <summary>The elements of all tensors, one after another, in a single transfer.</summary>
    public double[] Numbers(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        Count++;
        return cat([.. tensors.Select(tensor => tensor.flatten())]).cpu().to_type(ScalarType.Float64).data<double>().ToArray();
    }

    /// <summary>The tensors as bytes, for <see cref="TensorMessage.Read"/>.</summary>
    public byte[] Message(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        Count++;
        return TensorMessage.Write([.. tensors.Select(tensor => tensor.detach().cpu().contiguous())]);
    }

    /// <summary>The tensor on the CPU, contiguous, in the current dispose scope. One that is already so is not copied.</summary>
    public Tensor OnCpu(Tensor tensor)
    {
        Count++;
        return tensor.detach().cpu().contiguous();
    }

    /// <summary>The tensors on the CPU, in the current dispose scope. A tensor that is already there is not copied.</summary>
    public Dictionary<string, Tensor> OnCpu(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        Count++;
        return tensors.ToDictionary(entry => entry.Key, entry => entry.Value.detach().cpu(), StringComparer.Ordinal);
    }
}

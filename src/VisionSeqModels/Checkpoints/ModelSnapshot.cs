using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>A copy of a model's parameters and buffers in memory, on the model's device.</summary>
internal sealed class ModelSnapshot : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors;

    public ModelSnapshot(nn.Module model)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        _tensors = model
            .state_dict()
            .ToDictionary(
                entry => entry.Key,
                entry => entry.Value.detach().clone().DetachFromDisposeScope(),
                StringComparer.Ordinal
            );
    }

    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    public void Capture(nn.Module model) => Copy(model.state_dict(), _tensors);

    public void Load(IReadOnlyDictionary<string, Tensor> tensors) => Copy(tensors, _tensors);

    public void Restore(nn.Module model) => Copy(_tensors, model.state_dict());

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }

    /// <summary>Copies each tensor into the one of its name, in place.</summary>
    public static void Copy(IReadOnlyDictionary<string, Tensor> from, IReadOnlyDictionary<string, Tensor> to)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in from)
        {
            to[name].copy_(tensor);
        }
    }
}

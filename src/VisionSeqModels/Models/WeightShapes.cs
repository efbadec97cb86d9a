using VisionSeqModels.Kernels;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>Checks that the weights of a module have the shapes that it was built with. oneDNN's LSTM reads beyond a weight
/// that was given less memory.</summary>
internal sealed class WeightShapes(nn.Module module)
{
    private readonly (string Name, Tensor Weight, long[] Shape)[] _weights =
    [
        .. module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter, entry.parameter.shape)),
    ];

    public IEnumerable<Tensor> Weights => _weights.Select(entry => entry.Weight);

    /// <exception cref="InvalidOperationException">A shape differs.</exception>
    public void Check(string model)
    {
        foreach (var (name, weight, shape) in _weights)
        {
            if (!TensorMemory.HasShape(weight, shape))
            {
                throw new InvalidOperationException(
                    $"{model} was built with {name} of shape {Shape.Of(shape)}, but it has now {Shape.Of(weight)}. Copy values "
                        + "into the weight (copy_), or build another model."
                );
            }
        }
    }
}

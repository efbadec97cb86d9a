using TorchSharp.Modules;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>Lets a diagnostic run train a model: Dispose restores weights, buffers, gradients, modes and the CPU's random
/// state, bit for bit.</summary>
internal sealed class ModelStateScope : IDisposable
{
    private readonly nn.Module _model;
    private readonly ModuleModes _modes;
    private readonly ModelSnapshot _weights;
    private readonly List<(Parameter Parameter, Tensor? Gradient)> _gradients;
    private readonly Tensor _randomState;

    public ModelStateScope(nn.Module model)
    {
        _model = model;
        _modes = new ModuleModes(model);
        _weights = new ModelSnapshot(model);
        _gradients = [.. model.parameters().Select(parameter => (parameter, CopyOfGradient(parameter)))];
        _randomState = get_rng_state().DetachFromDisposeScope();
    }

    public void Dispose()
    {
        _weights.Restore(_model);
        _weights.Dispose();
        foreach (var (parameter, gradient) in _gradients)
        {
            using var scope = NewDisposeScope();
            if (gradient is null)
            {
                parameter.grad = null;
            }
            else
            {
                parameter.grad = gradient;
                gradient.Dispose();
            }
        }

        set_rng_state(_randomState);
        _randomState.Dispose();
        _modes.Dispose();
    }

    private static Tensor? CopyOfGradient(Parameter parameter)
    {
        using var gradient = parameter.grad;
        return gradient?.clone().DetachFromDisposeScope();
    }
}

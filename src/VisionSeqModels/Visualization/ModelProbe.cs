using VisionSeqModels.Runtime;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>
/// Looks at what named modules of a model give, while it is in evaluation mode and computes no gradients. Disposing it takes the hooks away and gives
/// every module its own mode back.
/// </summary>
internal sealed class ModelProbe : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly ModuleModes _modes;
    private readonly List<nn.Module<Tensor, Tensor>.HookRemover> _hooks = [];

    public ModelProbe(nn.Module<Tensor, Tensor> model)
    {
        _model = model;
        _modes = new ModuleModes(model);
        model.eval();
    }

    /// <summary>Calls <paramref name="look"/> with each output of the module; the tensor is borrowed, and valid only in the call.</summary>
    public void Watch(nn.Module<Tensor, Tensor> module, Action<Tensor> look) => _hooks.Add(module.register_forward_hook((_, _, output) =>
    {
        look(output);
        return output;
    }));

    /// <summary>Runs the model; every tensor of the run is gone when it returns.</summary>
    public void Run(Tensor inputs)
    {
        using var noGradients = inference_mode();
        using var scope = NewDisposeScope();
        _model.call(inputs);
    }

    public void Dispose()
    {
        foreach (var hook in _hooks)
        {
            hook.remove();
        }

        _modes.Dispose();
    }
}

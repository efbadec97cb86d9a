using VisionSeqModels.Models;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Watches what layers of a model give, call by call, while it is in evaluation mode. Disposing it removes the hooks
/// and restores every module's mode.</summary>
internal sealed class ModelProbe : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly ModuleModes _modes;
    private readonly Dictionary<string, Action<Tensor>> _looks = new(StringComparer.Ordinal);
    private ModuleHooks? _hooks;

    public ModelProbe(nn.Module<Tensor, Tensor> model)
    {
        _model = model;
        _modes = ModuleModes.Evaluating(model);
    }

    /// <summary>Calls <paramref name="look"/> with what a layer gives; the tensor is borrowed, and valid only in the
    /// call.</summary>
    /// <param name="name">The name of the call, for example <c>relu#2</c>.</param>
    /// <param name="look">Looks at the output.</param>
    public void Watch(string name, Action<Tensor> look)
    {
        _looks.Add(name, look);
        _hooks?.Dispose();
        _hooks = null;
    }

    /// <summary>Runs the model without gradients; every tensor of the run is gone when it returns.</summary>
    public void Run(Tensor inputs, Tensor? lengths = null)
    {
        using var scope = NewDisposeScope();
        Call(inputs, lengths);
    }

    /// <summary>Runs the model without gradients and gives its output, in the current dispose scope.</summary>
    public Tensor Call(Tensor inputs, Tensor? lengths = null)
    {
        using var normal = inference_mode(false); // modules may keep tensors, which a later training uses
        using var noGradients = no_grad();
        _hooks ??= Register();
        _hooks.Restart();
        return SequenceCall.Of(_model, ModelInput.Of(_model, inputs), lengths);
    }

    public void Dispose()
    {
        _hooks?.Dispose();
        _modes.Dispose();
    }

    private ModuleHooks Register()
    {
        var watched = _looks.Keys.Select(ModuleCall.LayerOf).ToHashSet(StringComparer.Ordinal);
        return new ModuleHooks(
            ModuleHooks.All(_model).Where(entry => watched.Contains(entry.Name)),
            before: null,
            (call, output) =>
            {
                if (_looks.TryGetValue(call.Name, out var look))
                {
                    look(output);
                }

                return output;
            },
            observes: true
        );
    }
}

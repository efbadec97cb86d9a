using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>Watches inputs and outputs of a model's modules while it is in evaluation mode. Disposing it removes the hooks
/// and restores every module's mode.</summary>
internal sealed class ModelProbe : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly ModuleModes _modes;
    private readonly List<Action> _removers = [];

    public ModelProbe(nn.Module<Tensor, Tensor> model)
    {
        _model = model;
        _modes = ModuleModes.Evaluating(model);
    }

    /// <summary>Calls <paramref name="look"/> with each output of the module; the tensor is borrowed, and valid only in the
    /// call.</summary>
    public void Watch(nn.Module<Tensor, Tensor> module, Action<Tensor> look) =>
        Replace(
            module,
            output =>
            {
                look(output);
                return output;
            }
        );

    /// <summary>Puts another tensor in place of each output of the module.</summary>
    public void Replace(nn.Module<Tensor, Tensor> module, Func<Tensor, Tensor> replace) =>
        _removers.Add(module.register_forward_hook((_, _, output) => replace(output)).remove);

    /// <summary>Puts another tensor in place of each input of the module.</summary>
    public void Before(nn.Module<Tensor, Tensor> module, Func<Tensor, Tensor> replace) =>
        _removers.Add(module.register_forward_pre_hook((_, input) => replace(input)).remove);

    /// <summary>Runs the model; every tensor of the run is gone when it returns.</summary>
    public void Run(Tensor inputs)
    {
        using var noGradients = no_grad(); // not inference mode: tensors that user code keeps must work in training
        using var scope = NewDisposeScope();
        _model.call(inputs);
    }

    public void Dispose()
    {
        _removers.ForEach(remove => remove());
        _removers.Clear();
        _modes.Dispose();
    }
}

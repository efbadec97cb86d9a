using TorchSharp;

namespace VisionSeqModels.Torch;

/// <summary>Records which of a model's modules are in training mode, and restores each on Dispose.</summary>
internal sealed class ModuleModes : IDisposable
{
    private readonly List<(torch.nn.Module Module, bool Training)> _modes;

    public ModuleModes(torch.nn.Module model)
    {
        // Parents before children, as modules() lists them: setting a parent's mode sets its children's too.
        _modes = [(model, model.training), .. model.modules().Select(module => (module, module.training))];
    }

    /// <summary>Puts the model into evaluation mode until Dispose.</summary>
    public static ModuleModes Evaluating(torch.nn.Module model)
    {
        var modes = new ModuleModes(model);
        model.eval();
        return modes;
    }

    public void Dispose()
    {
        foreach (var (module, training) in _modes)
        {
            module.train(training);
        }
    }
}

using TorchSharp;

namespace VisionSeqModels.Torch;

/// <summary>Records which of a model's modules are in training mode, and restores each on Dispose.</summary>
internal sealed class ModuleModes : IDisposable
{
    private readonly List<(torch.nn.Module Module, bool Training)> _modes;
    private IDisposable? _use;
    private bool _disposed;

    public ModuleModes(torch.nn.Module model)
    {
        // Parents before children, as modules() lists them: setting a parent's mode sets its children's too.
        _modes = [(model, model.training), .. model.modules().Select(module => (module, module.training))];
    }

    /// <summary>Puts the model into evaluation mode until Dispose. Other threads wait for it.</summary>
    /// <exception cref="InvalidOperationException">Another thread trains the model.</exception>
    public static ModuleModes Evaluating(torch.nn.Module model)
    {
        var use = ModelUse.Read(model);
        ModuleModes modes;
        try
        {
            modes = new ModuleModes(model) { _use = use };
        }
        catch
        {
            use.Dispose(); // a part of the model was disposed
            throw;
        }

        model.eval();
        return modes;
    }

    /// <summary>Puts the model into training mode, but for modules that are in evaluation mode while the model itself is in
    /// training mode: somebody put them there one by one, and they stay.</summary>
    /// <param name="model">The model.</param>
    /// <param name="last">How it trained last; it counts where the whole model is in evaluation mode.</param>
    /// <returns>How it trains now.</returns>
    public static ModuleModes Training(torch.nn.Module model, ModuleModes? last = null)
    {
        var kept = model.training ? new ModuleModes(model) : last;
        model.train();
        if (kept?._modes.Exists(entry => !entry.Training) == true)
        {
            kept.Restore();
        }

        return kept ?? new ModuleModes(model);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            try
            {
                Restore();
            }
            catch (ObjectDisposedException)
            {
                // the model is gone, and its modes with it; whoever uses it next says so
            }
            finally
            {
                _use?.Dispose();
            }
        }
    }

    private void Restore()
    {
        foreach (var (module, training) in _modes)
        {
            module.train(training);
        }
    }
}

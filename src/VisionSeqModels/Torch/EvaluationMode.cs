using TorchSharp;

namespace VisionSeqModels.Torch;

/// <summary>Keeps a model in evaluation mode until it is disposed, then puts every module back into the mode it was in.
/// </summary>
/// <remarks>All that reads a model uses it: <c>Evaluate</c>, <c>Predict</c>, the views. Use it where your own code applies a
/// model that other threads evaluate too: one thread at a time has the mode, the others wait. The thread that has it may
/// evaluate, predict and take the mode again. It does not switch gradients off.</remarks>
public sealed class EvaluationMode : IDisposable
{
    private readonly ModuleModes _modes;

    /// <summary>Puts the model into evaluation mode, when no other thread has it.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">Another thread trains the model.</exception>
    public EvaluationMode(torch.nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _modes = ModuleModes.Evaluating(model);
    }

    /// <summary>Puts every module back into its mode.</summary>
    public void Dispose() => _modes.Dispose();
}

using static TorchSharp.torch;

namespace VisionSeqModels;

/// <summary>A model that was built from a file, and what the file says about it. Dispose it to dispose the model.</summary>
public sealed class LoadedModel : IDisposable
{
    internal LoadedModel(nn.Module<Tensor, Tensor> model, ModelDescription description)
    {
        Model = model;
        Description = description;
    }

    /// <summary>The model, on the CPU, in evaluation mode.</summary>
    public nn.Module<Tensor, Tensor> Model { get; }

    /// <summary>What the file says about it.</summary>
    public ModelDescription Description { get; }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}

using System.Runtime.InteropServices;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Models;

/// <summary>What every model builder does: load the native backend, seed the weights, and keep the parameters out of dispose
/// scopes.</summary>
internal static class ModelBuilder
{
    public static TModel Build<TModel>(long? seed, Func<TModel> create)
        where TModel : nn.Module
    {
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope(); // TorchSharp's modules leave handles of their initialization behind
        TModel model;
        try
        {
            model = seed is null ? create() : GlobalGenerator.WithSeed(seed.Value, create);
        }
        catch (ExternalException e)
        {
            throw new InvalidOperationException(
                $"libtorch cannot make the model: {LibtorchError.Of(e).TrimEnd('.')}. Choose smaller sizes in its options.",
                e
            );
        }

        foreach (var tensor in model.parameters().Concat(model.buffers()))
        {
            tensor.DetachFromDisposeScope();
        }

        return model;
    }
}

using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>Gives a model other weights; Dispose gives it back its own, bit for bit.</summary>
internal sealed class LentWeights : IDisposable
{
    private readonly nn.Module _model;
    private readonly ModelSnapshot _own;

    public LentWeights(nn.Module model, IReadOnlyDictionary<string, Tensor> lent)
    {
        _model = model;
        _own = new ModelSnapshot(model);
        ModelSnapshot.Copy(lent, model.state_dict());
    }

    public void Dispose()
    {
        _own.Restore(_model);
        _own.Dispose();
    }
}

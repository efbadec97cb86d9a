using static TorchSharp.torch;

namespace VisionSeqModels.Checkpoints;

/// <summary>Gives a model other weights; Dispose gives it back its own, bit for bit.</summary>
internal sealed class LentWeights : IDisposable
{
    private readonly nn.Module _model;
    private readonly ModelSnapshot _own;

    public LentWeights(nn.Module model, ModelSnapshot lent)
    {
        _model = model;
        _own = new ModelSnapshot(model);
        lent.Restore(model);
    }

    public void Dispose()
    {
        _own.Restore(_model);
        _own.Dispose();
    }
}

using VisionSeqModels;
using static TorchSharp.torch;

/// <summary>What a view is drawn from, and where to.</summary>
internal sealed record ViewContext(
    nn.Module<Tensor, Tensor> Model,
    ImageDatasets Data,
    long Seed,
    string Folder,
    CancellationToken Stop
)
{
    public string In(string name) => Path.Combine(Folder, name);
}

using VisionSeqModels;
using static TorchSharp.torch;

/// <summary>A TorchSharp data set: one sample at a time, as a dictionary.</summary>
internal sealed class FlatImages(ImageDataset images) : utils.data.Dataset
{
    public override long Count => images.Count;

    public override Dictionary<string, Tensor> GetTensor(long index) =>
        new() { ["pixels"] = images.Pixels[index].flatten().to_type(ScalarType.Float32) / 255, ["label"] = images.Labels[index] };
}

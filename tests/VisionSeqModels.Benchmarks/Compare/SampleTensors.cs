using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>Images as TorchSharp's own data sets keep them: a float32 tensor each, normalised already.</summary>
internal sealed class SampleTensors : utils.data.Dataset
{
    private readonly Tensor[] _images;
    private readonly Tensor[] _labels;

    public SampleTensors(ImageDataset data)
    {
        var batch = data.Read(new BatchRequest { BatchSize = data.Count }).Single();
        using var inputs = batch.Inputs;
        using var targets = batch.Targets;
        _images = [.. Enumerable.Range(0, data.Count).Select(i => inputs[i].clone())];
        _labels = [.. Enumerable.Range(0, data.Count).Select(i => targets[i].clone())];
    }

    public override long Count => _images.Length;

    public override Dictionary<string, Tensor> GetTensor(long index) =>
        new() { ["data"] = _images[index], ["label"] = _labels[index] };

    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in disposing ? [.. _images, .. _labels] : Array.Empty<Tensor>())
        {
            tensor.Dispose();
        }

        base.Dispose(disposing);
    }
}

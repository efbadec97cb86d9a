using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Batches from anywhere, moved to the device that is asked for.</summary>
internal sealed class EnumerableSource(string name, Func<BatchRequest, IEnumerable<Batch>> epoch, long? sampleCount) : IBatchSource
{
    public string Name => name;

    public long? SampleCount => sampleCount;

    public IEnumerable<Batch> Read(BatchRequest request) => epoch(request).Skip(request.FirstBatch)
        .Select(batch => new Batch(batch.Inputs.to(request.Device), batch.Targets.to(request.Device)));
}

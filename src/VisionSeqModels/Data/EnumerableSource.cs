using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Batches from anywhere, moved to the requested device.</summary>
internal sealed class EnumerableSource(
    string name,
    Func<BatchRequest, IEnumerable<Batch>> epoch,
    long? sampleCount,
    Func<long?> batchCount,
    bool hasOwnBatches = true
) : IBatchSource
{
    /// <summary>Whether batch size and order are fixed, so that a request cannot change them.</summary>
    public bool HasOwnBatches => hasOwnBatches;

    public string Name => name;

    public long? SampleCount => sampleCount;

    public long? CountBatches(BatchRequest request) => batchCount();

    public IEnumerable<Batch> Read(BatchRequest request)
    {
        using var batches = epoch(request).GetEnumerator();
        for (int i = 0; i < request.SkipBatches; i++)
        {
            using var skipped = NewDisposeScope();
            if (!batches.MoveNext())
            {
                yield break;
            }
        }

        while (batches.MoveNext())
        {
            yield return new Batch(batches.Current.Inputs.to(request.Device), batches.Current.Targets.to(request.Device));
        }
    }
}

using static TorchSharp.torch;

namespace VisionSeqModels.Data;

/// <summary>Batches from anywhere, moved to the requested device.</summary>
internal sealed class EnumerableSource(
    string name,
    Func<BatchRequest, IEnumerable<Batch>> epoch,
    long? sampleCount,
    Func<long?>? ownBatchCount = null
) : IBatchSource
{
    /// <summary>Whether batch size and order are fixed, so that a request cannot change them.</summary>
    public bool HasOwnBatches => ownBatchCount is not null;

    public string Name => name;

    public long? SampleCount => sampleCount;

    public long? CountBatches(BatchRequest request) =>
        ownBatchCount is not null ? ownBatchCount()
        : request.DropLast ? sampleCount / request.BatchSize
        : (sampleCount + request.BatchSize - 1) / request.BatchSize;

    public IEnumerable<Batch> Read(BatchRequest request)
    {
        using var batches = epoch(request with { SkipBatches = 0 }).GetEnumerator(); // those are skipped here
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
            var batch = batches.Current;
            yield return batch.Inputs is null
                ? batch // whoever reads it says what it is
                : batch.On(request.Device);
        }
    }
}

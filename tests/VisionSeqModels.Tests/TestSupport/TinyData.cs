using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests;

/// <summary>Points on a plane in two classes: above and below a line. Deterministic; in memory; shuffled by seed and
/// epoch.</summary>
internal sealed class TinyData : IBatchSource, IDisposable
{
    public TinyData(int count = 256, int seed = 7)
    {
        var random = new Random(seed);
        float[] points = [.. Enumerable.Range(0, count * 2).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        Inputs = tensor(points).reshape(count, 2).DetachFromDisposeScope();
        Targets = Inputs.select(1, 0).gt(Inputs.select(1, 1)).to_type(ScalarType.Int64).DetachFromDisposeScope();
    }

    public Tensor Inputs { get; }

    public Tensor Targets { get; }

    public string Name => "tiny";

    public long? SampleCount => Inputs.size(0);

    public int ReadsBegun { get; private set; }

    public IEnumerable<Batch> Read(BatchRequest request)
    {
        ReadsBegun++;
        int count = (int)Inputs.size(0);
        long[] order = [.. Enumerable.Range(0, count).Select(i => (long)i)];
        if (request.Shuffle)
        {
            new Random(unchecked((int)((request.Seed * 31) + request.Epoch))).Shuffle(order);
        }

        for (int begin = request.SkipBatches * request.BatchSize; begin < count; begin += request.BatchSize)
        {
            int size = Math.Min(request.BatchSize, count - begin);
            if (size < request.BatchSize && request.DropLast)
            {
                yield break;
            }

            var index = tensor(order.AsSpan(begin, size).ToArray());
            yield return new Batch(Inputs.index_select(0, index), Targets.index_select(0, index));
        }
    }

    public void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
    }
}

using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class BatchLoopTests
{
    private static readonly BatchRequest Request = new() { BatchSize = 4 };

    [Fact]
    public void ForEach_UsesEveryBatchInOrder_AndDisposesItThen()
    {
        using var data = new TinyData(10);
        var used = new List<(int Count, Tensor Inputs)>();
        BatchLoop.ForEach(data, Request, batch => used.Add((batch.Count, batch.Inputs)), default);
        Assert.Equal([4, 4, 2], used.Select(one => one.Count));
        Assert.All(used, one => Assert.True(one.Inputs.IsInvalid));
    }

    [Fact]
    public void While_StopsWhereTheFunctionSaysSo()
    {
        using var data = new TinyData(10);
        int used = 0;
        BatchLoop.While(data, Request, _ => ++used < 2, default);
        Assert.Equal(2, used);
    }

    [Fact]
    public void Cancellation_IsSeenBetweenBatches()
    {
        using var data = new TinyData(10);
        using var source = new CancellationTokenSource();
        int used = 0;
        Assert.Throws<OperationCanceledException>(() =>
            BatchLoop.ForEach(
                data,
                Request,
                _ =>
                {
                    used++;
                    source.Cancel();
                },
                source.Token
            )
        );
        Assert.Equal(1, used);
    }

    [Fact]
    public void Reading_EndsWithTheLoop()
    {
        bool ended = false;
        var data = BatchSource.From("own", _ => Batches(() => ended = true));
        BatchLoop.While(data, Request, _ => false, default);
        Assert.True(ended);
    }

    [Fact]
    public void BatchThatCannotBeUsed_IsNamedWithItsData()
    {
        Assert.Equal(
            "The data 'empty' gave default(Batch), which has no tensors. Make each batch with new Batch(inputs, targets).",
            Message("empty", default)
        );
        using var live = zeros(2);
        using var lengths = ones(2, dtype: ScalarType.Int64);
        var dead = zeros(2);
        var deadLengths = ones(2, dtype: ScalarType.Int64);
        Batch[] gone = [new(dead, live), new(live, dead), new(live, live, deadLengths)];
        dead.Dispose();
        deadLengths.Dispose();
        Assert.All(
            gone,
            batch =>
                Assert.Equal(
                    "The data 'gone' was disposed, or a batch of it. Dispose data after its last use. Batches that are kept must "
                        + "be made outside of dispose scopes, or detached from them.",
                    Message("gone", batch)
                )
        );
        var reader = new List<Batch> { new(live, live, lengths) }.GetEnumerator();
        Assert.True(BatchReader.Next(reader, "live"));
        Assert.False(BatchReader.Next(new List<Batch>().GetEnumerator(), "none"));
    }

    [Fact]
    public void DisposedData_IsNamed()
    {
        BatchReader.ThrowIfDisposed(null);
        var data = new TinyData(4);
        BatchReader.ThrowIfDisposed(data);
        var reader = data.Read(Request).GetEnumerator();
        data.Dispose();
        string named = "The data 'tiny' was disposed";
        Assert.StartsWith(
            named,
            Assert.Throws<UnusableBatchException>(() => BatchReader.ThrowIfDisposed(data)).Message,
            StringComparison.Ordinal
        );
        var error = Assert.Throws<UnusableBatchException>(() => BatchReader.Next(reader, "tiny"));
        Assert.StartsWith(named, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
    }

    private static string Message(string name, Batch batch)
    {
        var reader = new List<Batch> { batch }.GetEnumerator();
        return Assert.Throws<UnusableBatchException>(() => BatchReader.Next(reader, name)).Message;
    }

    private static IEnumerable<Batch> Batches(Action end)
    {
        try
        {
            yield return new Batch(zeros(1), zeros(1));
            yield return new Batch(zeros(1), zeros(1));
        }
        finally
        {
            end();
        }
    }
}

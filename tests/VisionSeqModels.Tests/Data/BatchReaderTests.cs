using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>Data that ends, that is disposed, or that gives a batch without tensors; and what a pair of sets has.</summary>
[Collection("Torch")]
public sealed class BatchReaderTests
{
    [Fact]
    public void SoundBatches_AreGoneThrough_ToTheEnd()
    {
        using var scope = NewDisposeScope();
        IEnumerator<Batch> batches = new List<Batch>
        {
            new(zeros(2, 3), zeros(2)),
            new(zeros(1, 2, 3), zeros(1), tensor(new long[] { 2 })),
        }.GetEnumerator();
        Assert.True(BatchReader.Next(batches, "own"));
        Assert.True(BatchReader.Next(batches, "own"));
        Assert.False(BatchReader.Next(batches, "own"));
    }

    [Fact]
    public void ABatchWithoutTensors_OrOfDisposedOnes_NamesTheData()
    {
        using var scope = NewDisposeScope();
        Assert.StartsWith("The data 'own' gave default(Batch)", Fault(default), StringComparison.Ordinal);
        for (int disposed = 0; disposed < 3; disposed++)
        {
            var batch = new Batch(zeros(1, 2, 3), zeros(1), tensor(new long[] { 2 }));
            new[] { batch.Inputs, batch.Targets, batch.Lengths! }[disposed].Dispose();
            Assert.StartsWith("The data 'own' was disposed, or a batch of it.", Fault(batch), StringComparison.Ordinal);
        }

        static string Fault(Batch batch) =>
            Assert
                .Throws<UnusableBatchException>(() => BatchReader.Next(new List<Batch> { batch }.GetEnumerator(), "own"))
                .Message;
    }

    [Fact]
    public void DisposedData_IsNamed()
    {
        BatchReader.ThrowIfDisposed(null);
        var data = new TinyData(4);
        BatchReader.ThrowIfDisposed(data);
        using var batches = data.Read(new BatchRequest { BatchSize = 2 }).GetEnumerator();
        data.Dispose();
        Assert.Contains(
            "'tiny' was disposed",
            Assert.Throws<UnusableBatchException>(() => BatchReader.ThrowIfDisposed(data)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'own' was disposed",
            Assert.Throws<UnusableBatchException>(() => BatchReader.Next(batches, "own")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void APairOfSets_HasWhatItsTrainingImagesHave_AndDisposesBoth()
    {
        long before = Tensor.TotalCount;
        using (
            var data = SyntheticImages.Create(
                new()
                {
                    TrainCount = 3,
                    TestCount = 2,
                    Size = 17,
                }
            )
        )
        {
            Assert.Equal(
                ("synthetic", 3, 17, 17, 10),
                (data.Name, data.Channels, data.Height, data.Width, data.ClassNames.Count)
            );
            Assert.Equal(before + 4, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}

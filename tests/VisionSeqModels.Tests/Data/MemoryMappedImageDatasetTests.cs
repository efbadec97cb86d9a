using TorchSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class MemoryMappedImageDatasetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3, 32, 32, 64, true)]
    [InlineData(3, 5, 7, 9, true)]
    [InlineData(1, 28, 28, 16, false)]
    [InlineData(2, 1, 1, 1, true)]
    [InlineData(1, 3, 3, 1000, false)]
    public void Read_GivesTheBatchesOfTheSetInMemory_BitForBit(int channels, int height, int width, int batchSize, bool shuffle)
    {
        using var scope = NewDisposeScope();
        using var data = Noise(131, channels, height, width);
        using var mapped = Map(data);
        foreach (var request in Requests(batchSize, shuffle))
        {
            var expected = data.Read(request).ToList();
            var actual = mapped.Read(request).ToList();
            Assert.Equal(expected.Count, actual.Count);
            foreach (var (inMemory, fromFile) in expected.Zip(actual))
            {
                TensorAssert.Identical(inMemory.Inputs, fromFile.Inputs, "inputs");
                TensorAssert.Identical(inMemory.Targets, fromFile.Targets, "targets");
            }
        }
    }

    [Fact]
    public void Fit_GivesTheWeightsOfTheSetInMemory()
    {
        using var data = Noise(100, 1, 28, 28);
        using var mapped = Map(data);
        using var first = SequenceModels.Rnn(
            new RecurrentOptions
            {
                Seed = 1,
                HiddenSize = 8,
                ClassCount = 3,
            }
        );
        using var second = SequenceModels.Rnn(
            new RecurrentOptions
            {
                Seed = 1,
                HiddenSize = 8,
                ClassCount = 3,
            }
        );
        var trainer = new Trainer(
            new TrainerOptions
            {
                Epochs = 2,
                BatchSize = 16,
                Seed = 4,
                Device = "cpu",
            }
        );

        var history = trainer.Fit(first, data, data);
        Assert.Equal(history.Epochs[^1].Metrics, trainer.Fit(second, mapped, mapped).Epochs[^1].Metrics);
        foreach (var (expected, actual) in first.parameters().Zip(second.parameters()))
        {
            TensorAssert.Identical(expected, actual, "weights");
        }
    }

    [Fact]
    public void Open_TakesFilesAsMnistHasThem()
    {
        using var scope = NewDisposeScope();
        File.WriteAllBytes(_folder["images"], [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102]);
        File.WriteAllBytes(_folder["labels"], [0, 0, 8, 1, 0, 0, 0, 2, 1, 0]);
        using var mapped = MemoryMappedImageDataset.Open(
            "mine",
            _folder["images"],
            _folder["labels"],
            ["a", "b"],
            new ImageNormalization { Mean = [0], StandardDeviation = [1] }
        );
        var batch = mapped.Read(new BatchRequest { BatchSize = 2 }).Single();

        Assert.Equal((1, 1, 2), (mapped.Channels, mapped.Height, mapped.Width));
        Assert.Equal([1, 0], batch.Targets.data<long>().ToArray());
        Assert.Equal([0, 1, 0.2, 0.4], batch.Inputs.data<float>().ToArray().Select(number => Math.Round(number, 6)));
    }

    [Fact]
    public void Open_CutOffAnywhere_IsAFormatError_AndTheFileIsFree()
    {
        using var data = Noise(3, 1, 2, 2);
        MemoryMappedImageDataset.Write(data, _folder["images"], _folder["labels"]);
        foreach (string name in new[] { "images", "labels" })
        {
            byte[] whole = File.ReadAllBytes(_folder[name]);
            for (int length = 0; length < whole.Length; length++)
            {
                File.WriteAllBytes(_folder[name], whole[..length]);
                Assert.Equal(_folder[name], Assert.Throws<DatasetFormatException>(Open).Path);
                File.Delete(_folder[name]); // refused on Windows while it is open
            }

            File.WriteAllBytes(_folder[name], whole);
        }

        Open();
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x7F)]
    [InlineData(0)]
    public void Open_AbsurdSizes_AreAFormatError(byte high)
    {
        using var data = Noise(3, 1, 2, 2);
        MemoryMappedImageDataset.Write(data, _folder["images"], _folder["labels"]);
        byte[] content = File.ReadAllBytes(_folder["images"]);
        Array.Fill(content, high, 4, 16);
        File.WriteAllBytes(_folder["images"], content);
        Assert.Throws<DatasetFormatException>(Open);
    }

    [Fact]
    public void Open_NormalizationForOtherChannels_IsRefused()
    {
        using var data = Noise(3, 1, 2, 2);
        MemoryMappedImageDataset.Write(data, _folder["images"], _folder["labels"]);
        Assert.Throws<InvalidOptionsException>(() =>
            MemoryMappedImageDataset.Open(
                "mine",
                _folder["images"],
                _folder["labels"],
                data.ClassNames,
                ImageNormalization.Cifar10
            )
        );
        File.Delete(_folder["images"]);
    }

    [Fact]
    public void Load_GivesImagesAndLabels()
    {
        using var scope = NewDisposeScope();
        using var data = Noise(20, 3, 4, 5);
        using var mapped = Map(data);
        using var part = mapped.Load(7, 6);

        TensorAssert.Identical(data.Pixels.narrow(0, 7, 6), part.Pixels, "pixels");
        TensorAssert.Identical(data.Labels.narrow(0, 7, 6), part.Labels, "labels");
        Assert.Throws<ArgumentOutOfRangeException>(() => mapped.Load(15, 6));
    }

    [Fact]
    public void Dispose_EndsReading_AndFreesTheFile()
    {
        using var scope = NewDisposeScope();
        using var data = Noise(20, 3, 4, 5);
        var mapped = Map(data);
        using var batches = mapped.Read(new BatchRequest { BatchSize = 4 }).GetEnumerator();
        Assert.True(batches.MoveNext());
        mapped.Dispose();
        mapped.Dispose();

        Assert.Throws<ObjectDisposedException>(() => batches.MoveNext());
        Assert.Throws<ObjectDisposedException>(() => mapped.Load(0, 1));
        File.Delete(_folder["images"]);
    }

    /// <summary>12 MB of images: what is allocated does not grow with them, and no tensor is left.</summary>
    [Fact]
    public void Read_HoldsABatchAtATime()
    {
        using var data = Noise(4000, 3, 32, 32);
        using var mapped = Map(data);
        ReadAll(mapped);
        long tensors = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        ReadAll(mapped);

        Assert.Equal(tensors, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        // order, an image, 63 batches' handles
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - bytes, 0, (4000 * sizeof(long)) + 3072 + (63 * 1000));
    }

    private static void ReadAll(MemoryMappedImageDataset mapped)
    {
        using var batches = mapped.Read(new BatchRequest { BatchSize = 64, Shuffle = true }).GetEnumerator();
        bool more = true;
        while (more)
        {
            using var scope = NewDisposeScope();
            more = batches.MoveNext();
        }
    }

    private static IEnumerable<BatchRequest> Requests(int batchSize, bool shuffle)
    {
        var request = new BatchRequest
        {
            BatchSize = batchSize,
            Shuffle = shuffle,
            Seed = 5,
            Epoch = 2,
        };
        return [request, request with { DropLast = true }, request with { SkipBatches = 2 }];
    }

    private static ImageDataset Noise(int count, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        var pixels = randint(0, 256, [count, channels, height, width], dtype: ScalarType.Byte);
        return new ImageDataset(
            "noise",
            pixels,
            randint(0, 3, [count], dtype: ScalarType.Int64),
            ["a", "b", "c"],
            new ImageNormalization
            {
                Mean = [.. Enumerable.Range(1, channels).Select(i => i / 7.0)],
                StandardDeviation = [.. Enumerable.Range(1, channels).Select(i => i / 9.0)],
            }
        );
    }

    private MemoryMappedImageDataset Map(ImageDataset data)
    {
        MemoryMappedImageDataset.Write(data, _folder["images"], _folder["labels"]);
        return MemoryMappedImageDataset.Open("noise", _folder["images"], _folder["labels"], data.ClassNames, data.Normalization);
    }

    private void Open() => MemoryMappedImageDataset.Open("mine", _folder["images"], _folder["labels"], ["a", "b", "c"]).Dispose();
}

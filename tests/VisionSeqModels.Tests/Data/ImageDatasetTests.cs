using TorchSharp;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

[Collection("Torch")]
public sealed class ImageDatasetTests
{
    private static readonly string[] Classes = ["a", "b", "c"];

    [Fact]
    public void Constructor_SeveralFaults_AreReportedTogether()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<InvalidOptionsException>(() =>
            new ImageDataset("x", zeros(4, 3, 2), tensor(new long[] { 0, 1 }), [])
        );

        Assert.Contains("uint8 [samples, channels, height, width]", error.Message, StringComparison.Ordinal);
        Assert.Contains("Float32 [4, 3, 2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("classNames.Count", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Constructor_LabelWithoutAClassName_IsRefused(long label)
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<InvalidOptionsException>(() =>
            new ImageDataset("x", zeros([2, 1, 2, 2], dtype: ScalarType.Byte), tensor(new[] { 0, label }), Classes)
        );
        Assert.Contains("from 0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Shuffled_GivesEverySampleOnce_InAnOrderOfSeedAndEpoch()
    {
        using var data = Numbered(103);
        long[] first = Order(
            data,
            new BatchRequest
            {
                BatchSize = 10,
                Shuffle = true,
                Seed = 5,
                Epoch = 1,
            }
        );

        Assert.Equal(Enumerable.Range(0, 103).Select(i => (long)i), first.Order());
        Assert.NotEqual(first.Order(), first);
        Assert.Equal(
            first,
            Order(
                data,
                new BatchRequest
                {
                    BatchSize = 7,
                    Shuffle = true,
                    Seed = 5,
                    Epoch = 1,
                }
            )
        );
        Assert.NotEqual(
            first,
            Order(
                data,
                new BatchRequest
                {
                    BatchSize = 10,
                    Shuffle = true,
                    Seed = 5,
                    Epoch = 2,
                }
            )
        );
        Assert.NotEqual(
            first,
            Order(
                data,
                new BatchRequest
                {
                    BatchSize = 10,
                    Shuffle = true,
                    Seed = 6,
                    Epoch = 1,
                }
            )
        );
    }

    [Fact]
    public void Read_Shuffled_IsTheDocumentedOrderOnEverySystem() =>
        Assert.Equal([7, 6, 2, 5, 4, 1, 3, 0], EpochOrder.Shuffled(8, seed: 1, epoch: 1)); // worked out independently, in Python

    [Fact]
    public void EpochOrder_OverManyEpochs_PutsEveryNumberEverywhereAlike()
    {
        const int epochs = 6000;
        int[,] hits = new int[6, 6];
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            long[] order = EpochOrder.Shuffled(6, seed: 3, epoch);
            for (int place = 0; place < 6; place++)
            {
                hits[place, order[place]]++;
            }
        }

        Assert.All(hits.Cast<int>(), count => Assert.InRange(count, 1000 - 150, 1000 + 150)); // five standard deviations
    }

    [Fact]
    public void Read_FromALaterBatch_GivesTheTailOfTheWhole()
    {
        using var data = Numbered(50);
        var request = new BatchRequest
        {
            BatchSize = 8,
            Shuffle = true,
            Seed = 1,
        };

        Assert.Equal(Order(data, request)[24..], Order(data, request with { SkipBatches = 3 }));
        Assert.Empty(Order(data, request with { SkipBatches = 9 }));
    }

    [Fact]
    public void Read_DropLast_LeavesTheShortBatchOut()
    {
        using var data = Numbered(50);
        Assert.Equal(48, Order(data, new BatchRequest { BatchSize = 8, DropLast = true }).Length);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), Order(data, new BatchRequest { BatchSize = 8 }));
    }

    /// <summary>Sizes with and without a rest after sixteen bytes; an image view that is not contiguous goes by way of
    /// libtorch.</summary>
    [Theory]
    [InlineData(3, 32, 32)]
    [InlineData(1, 28, 28)]
    [InlineData(2, 3, 7)]
    public void Read_IsBitEqualToLibtorchsOwnOperations(int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        var pixels = randint(0, 256, [40, channels, width, height], dtype: ScalarType.Byte).transpose(2, 3);
        var normalization = new ImageNormalization
        {
            Mean = [.. new[] { 0.4914, 0.4822, 0.4465 }[..channels]],
            StandardDeviation = [.. new[] { 0.2470, 0.2435, 0.2616 }[..channels]],
        };
        using var contiguous = new ImageDataset(
            "x",
            pixels.contiguous(),
            zeros(40, dtype: ScalarType.Int64),
            Classes,
            normalization
        );
        using var view = new ImageDataset("x", pixels, zeros(40, dtype: ScalarType.Int64), Classes, normalization);
        var (scale, offset) = normalization.Tensors(CPU);
        var request = new BatchRequest
        {
            BatchSize = 9,
            Shuffle = true,
            Seed = 1,
        };
        var order = tensor(EpochOrder.Shuffled(40, 1, 1));

        Assert.False(view.Pixels.is_contiguous());
        foreach (
            var (i, batch, other) in contiguous
                .Read(request)
                .Zip(view.Read(request))
                .Select((pair, i) => (i, pair.First, pair.Second))
        )
        {
            var bytes = contiguous.Pixels.index_select(0, order.narrow(0, 9 * i, Math.Min(9, 40 - (9 * i))));
            TensorAssert.Identical(bytes.to_type(ScalarType.Float32).mul(scale).add(offset), batch.Inputs, "inputs");
            TensorAssert.Identical(batch.Inputs, other.Inputs, "inputs of a view");
        }

        scale.Dispose();
        offset.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_Normalizes_AndDenormalizeGivesTheBytesBack(bool shuffle)
    {
        using var scope = NewDisposeScope();
        var pixels = randint(0, 256, [5, 3, 4, 4], dtype: ScalarType.Byte);
        using var data = new ImageDataset(
            "x",
            pixels.clone(),
            zeros(5, dtype: ScalarType.Int64),
            Classes,
            ImageNormalization.Cifar10
        );
        var batch = data.Read(
                new BatchRequest
                {
                    BatchSize = 5,
                    Shuffle = shuffle,
                    Seed = 1,
                }
            )
            .Single();
        var mean = tensor(new[] { 0.4914, 0.4822, 0.4465 }).reshape(1, 3, 1, 1);
        var deviation = tensor(new[] { 0.2470, 0.2435, 0.2616 }).reshape(1, 3, 1, 1);
        var order = tensor(shuffle ? EpochOrder.Shuffled(5, 1, 1) : [0, 1, 2, 3, 4]);
        var expected = (pixels.index_select(0, order).to_type(ScalarType.Float64) / 255 - mean) / deviation;

        Assert.Equal(ScalarType.Float32, batch.Inputs.dtype);
        Assert.True((expected - batch.Inputs).abs().max().ToDouble() < 1e-6);
        TensorAssert.Identical(pixels.index_select(0, order), data.Denormalize(batch.Inputs), "bytes");
    }

    [Fact]
    public void Read_LeavesNoTensorAndTheGlobalGeneratorAsItWas()
    {
        using var data = Numbered(64);
        Order(data, new BatchRequest { BatchSize = 8, Shuffle = true }); // what stays on the device is there now
        using var before = get_rng_state();
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Order(
            data,
            new BatchRequest
            {
                BatchSize = 8,
                Shuffle = true,
                Epoch = 2,
            }
        );

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        using var after = get_rng_state();
        TensorAssert.Identical(before, after, "random state");
    }

    [Fact]
    public void MadeInACallersScope_LivesOn()
    {
        ImageDataset data;
        using (NewDisposeScope())
        {
            data = Numbered(10);
            Order(data, new BatchRequest { BatchSize = 4 });
        }

        Assert.Equal(10, Order(data, new BatchRequest { BatchSize = 4, Shuffle = true }).Length);
        data.Dispose();
    }

    [Fact]
    public void Take_GivesTheFirstSamplesAsACopy()
    {
        var all = Numbered(10);
        using var some = all.Take(4);
        all.Dispose();

        Assert.Equal([0, 1, 2, 3], Order(some, new BatchRequest { BatchSize = 3 }));
        Assert.Equal(4, some.Take(99).Count);
    }

    [Fact]
    public void Map_ChangesTheImages_KeepsTheLabels_AndOutlivesTheOriginal()
    {
        using var scope = NewDisposeScope();
        var all = Numbered(5);
        long[] labels = all.Labels.data<long>().ToArray();
        byte first = all.Pixels[0, 0, 0, 0].item<byte>(),
            last = all.Pixels[4, 0, 0, 0].item<byte>();
        using var changed = all.Map(pixels => pixels.flip(0));
        all.Dispose();

        Assert.Equal((last, first), (changed.Pixels[0, 0, 0, 0].item<byte>(), changed.Pixels[4, 0, 0, 0].item<byte>()));
        Assert.Equal(labels, changed.Labels.data<long>().ToArray());
        Assert.Throws<InvalidOptionsException>(() => changed.Map(pixels => pixels.narrow(0, 0, 2)));
    }

    [Fact]
    public void OptionsForADataSet_HaveItsSizes()
    {
        using var data = SyntheticImages.Create(
            new SyntheticImagesOptions
            {
                TrainCount = 10,
                TestCount = 10,
                Channels = 1,
                Size = 28,
            }
        );
        Assert.Equal(
            new LeNetOptions
            {
                InputChannels = 1,
                ImageHeight = 28,
                ImageWidth = 28,
                ClassCount = 10,
            },
            LeNetOptions.For(data)
        );
        Assert.Equal(new RecurrentOptions { InputSize = 28, ClassCount = 10 }, RecurrentOptions.For(data));
    }

    [Fact]
    public void Datasets_OfDifferentShapes_AreRefused()
    {
        using var small = Numbered(3);
        using var scope = NewDisposeScope();
        using var large = new ImageDataset(
            "x",
            zeros([1, 1, 8, 8], dtype: ScalarType.Byte),
            zeros(1, dtype: ScalarType.Int64),
            Classes
        );
        Assert.Contains(
            "1x8x8",
            Assert.Throws<ArgumentException>(() => new ImageDatasets(small, large)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Image i has the byte i everywhere.</summary>
    private static ImageDataset Numbered(int count)
    {
        using var scope = NewDisposeScope();
        var numbers = arange(count, dtype: ScalarType.Byte).reshape(-1, 1, 1, 1).expand(count, 1, 2, 2).contiguous();
        return new ImageDataset("numbered", numbers, arange(count, dtype: ScalarType.Int64) % 3, Classes);
    }

    private static long[] Order(ImageDataset data, BatchRequest request)
    {
        var order = new List<long>();
        using var batches = data.Read(request).GetEnumerator();
        while (true)
        {
            using var scope = NewDisposeScope();
            if (!batches.MoveNext())
            {
                return [.. order];
            }

            var bytes = data.Denormalize(batches.Current.Inputs).select(3, 0).select(2, 0).flatten();
            order.AddRange(bytes.data<byte>().ToArray().Select(value => (long)value));
            Assert.Equal(
                bytes.to_type(ScalarType.Int64).remainder(3).data<long>().ToArray(),
                batches.Current.Targets.data<long>().ToArray()
            );
        }
    }
}

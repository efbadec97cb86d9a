using VisionSeqModels.Data;
using VisionSeqModels.Torch;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>What every source of data does without being asked.</summary>
[Collection("Torch")]
public sealed class SourceDefaultsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        HostDevice.IsRemote = false;
        _folder.Dispose();
    }

    [Theory]
    [InlineData(16, false, 1)]
    [InlineData(15, false, 2)]
    [InlineData(15, true, 1)]
    [InlineData(5, false, 4)]
    [InlineData(5, true, 3)]
    [InlineData(17, true, 0)]
    public void Batches_AreCountedFromTheSamples(int size, bool dropLast, long expected)
    {
        using var data = new TinyData(16);
        IBatchSource source = data;
        Assert.Equal(expected, source.CountBatches(new BatchRequest { BatchSize = size, DropLast = dropLast }));
        Assert.False(source.SupportsConcurrentReads);
        Assert.Throws<ArgumentNullException>(() => source.CountBatches(null!));
    }

    [Fact]
    public void BatchesOfAFunction_GoToTheDevice_AndAnEmptyOneAsItIs()
    {
        using var scope = NewDisposeScope();
        var source = BatchSource.From("own", _ => [new Batch(zeros(2, 3), zeros(2)), default], 2);
        var request = new BatchRequest { BatchSize = 2, Device = new Device(TorchSharp.DeviceType.META) };
        var batches = source.Read(request).ToList();
        Assert.Equal(TorchSharp.DeviceType.META, batches[0].Inputs.device_type);
        Assert.Null(batches[1].Inputs);
        Assert.Single(source.Read(request with { SkipBatches = 1 }));
        Assert.Empty(source.Read(request with { SkipBatches = 3 }));
    }

    [Fact]
    public void ASubset_ChecksTheRequest_BeforeItsSourceIsAsked()
    {
        var subset = new ImageSubset(new Silent(), [0, 2]);
        Assert.Throws<ArgumentNullException>(() => subset.Read(null!));
        Assert.Throws<ArgumentNullException>(() => subset.Read(null!, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => subset.Read(new BatchRequest { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => subset.Read(new BatchRequest { BatchSize = 0 }, [0]));
        Assert.Empty(subset.Read(new BatchRequest { BatchSize = 1 }));
        Assert.Empty(subset.Read(new BatchRequest { BatchSize = 1 }, [1]));
    }

    [Fact]
    public void AMappedSet_ClosesItsFile_AndSaysThatItIsDisposed()
    {
        using var images = SyntheticImages.Create(new() { TrainCount = 3, TestCount = 1 });
        MemoryMappedImageDataset.Write(images.Train, _folder["images"], _folder["labels"]);
        var mapped = MemoryMappedImageDataset.Open("any", _folder["images"], _folder["labels"], images.ClassNames);
        Assert.True(mapped.SupportsConcurrentReads);
        using (var loaded = mapped.Load(1, 2))
        {
            using var expected = images.Train.Pixels.narrow(0, 1, 2);
            TensorAssert.Identical(expected, loaded.Pixels, "pixels");
        }

        mapped.Dispose();
        Assert.Equal(
            typeof(MemoryMappedImageDataset).FullName,
            Assert.Throws<ObjectDisposedException>(() => mapped.GetPixels(0)).ObjectName
        );
        new FileStream(_folder["images"], FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
    }

    [Fact]
    public void TargetsOfAnotherDevice_AreNotLookedAt()
    {
        using var scope = NewDisposeScope();
        var targets = tensor(new[] { 0f, 2 });
        Assert.Throws<TargetRangeException>(() => TargetValues.CheckUnit("x", targets));
        HostDevice.IsRemote = true;
        TargetValues.CheckUnit("x", targets);
    }

    [Fact]
    public void ALengthWhereThereAreNoSteps_IsWrong_ButNotEmpty()
    {
        using var scope = NewDisposeScope();
        string Message(long length, long steps) =>
            Assert.Throws<ArgumentException>(() => new Batch(zeros(1, steps, 2), zeros(1), tensor(new[] { length }))).Message;
        Assert.Contains("but one is 1. Correct the lengths.", Message(1, 0), StringComparison.Ordinal);
        Assert.Contains("but one is 4. Correct the lengths.", Message(4, 3), StringComparison.Ordinal);
        Assert.Contains("but one is 0. Leave empty sequences out.", Message(0, 3), StringComparison.Ordinal);
    }

    [Fact]
    public void ChannelsAtTheEnd_AreKnownByFourOrFewer_AndMoreThanFourElsewhere()
    {
        Assert.True(PixelOrder.IsReversed(5, 5, 1));
        Assert.True(PixelOrder.IsReversed(5, 5, 3));
        Assert.True(PixelOrder.IsReversed(5, 5, 4));
        Assert.False(PixelOrder.IsReversed(5, 5, 2));
        Assert.False(PixelOrder.IsReversed(5, 5, 5));
        Assert.False(PixelOrder.IsReversed(4, 5, 3));
        Assert.False(PixelOrder.IsReversed(5, 4, 3));
        Assert.False(PixelOrder.IsReversed([5, 3]));
        Assert.Equal(
            "channels before height and width, but [8, 9, 3] has them last. Give permute(2, 0, 1).contiguous() of the tensor, or "
                + "write the file in that order",
            PixelOrder.Advice([8, 9, 3])
        );
        Assert.Contains("Give permute(0, 3, 1, 2).contiguous()", PixelOrder.Advice([2, 8, 9, 3]), StringComparison.Ordinal);
    }

    [Fact]
    public void TheDefaultFolder_IsTheUsersCache()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.EndsWith("\\visionseqmodels", DatasetDirectory.Default, StringComparison.Ordinal);
            return;
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } own ? own : home + "/.cache";
        Assert.Equal(cache + "/visionseqmodels", DatasetDirectory.Default);
    }

    [Fact]
    public void Weights_AreRecordedByTheirSum()
    {
        var digest = new WeightedSampling { Weights = [1, 2, 3.5] }.Digest;
        Assert.Equal((3, 6.5), (digest.Count, digest.Sum));
    }

    /// <summary>A source that asks nothing and gives nothing.</summary>
    private sealed class Silent : IImageSource
    {
        public string Name => "silent";

        public long? SampleCount => 3;

        public int Count => 3;

        public int Channels => 1;

        public int Height => 1;

        public int Width => 1;

        public IReadOnlyList<string> ClassNames => ["a"];

        public ImageNormalization? Normalization => null;

        public Tensor GetPixels(long index) => zeros(1, 1, 1, dtype: ScalarType.Byte);

        public int GetLabel(long index) => 0;

        public IEnumerable<Batch> Read(BatchRequest request) => [];

        public IEnumerable<Batch> Read(BatchRequest request, IReadOnlyList<long> indices) => [];
    }
}

using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>What sources of images take and what they refuse, at both sides of each bound.</summary>
[Collection("Torch")]
public sealed class ImageBoundsTests : IDisposable
{
    private static readonly BatchRequest Request = new() { BatchSize = 2 };

    private readonly TempFolder _folder = new();
    private readonly ImageDataset _images = Images(4);

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Subset_NeedsPlacesOfTheSource()
    {
        Assert.Throws<ArgumentNullException>("source", () => new ImageSubset(null!, [0]));
        Assert.Throws<ArgumentNullException>("indices", () => new ImageSubset(_images, null!));
        long[][] bad =
        [
            [],
            [-1],
            [4],
            [0, 4],
        ];
        Assert.All(
            bad,
            indices =>
                Assert.StartsWith(
                    "A subset of 'x' needs at least one index, each from 0 to 3.",
                    Assert.Throws<ArgumentException>("indices", () => new ImageSubset(_images, indices)).Message,
                    StringComparison.Ordinal
                )
        );
        var subset = new ImageSubset(_images, [3, 0]);
        Assert.Equal([3, 0], subset.Indices);
        Assert.Equal((1, 0), (subset.GetLabel(0), subset.GetLabel(1)));
        Assert.Equal([1, 0], subset.Read(Request).Single().Targets.data<long>().ToArray());
        Assert.Equal([0, 0, 1], Labels(subset.Read(Request, [1, 1, 0])));
        Assert.Equal(("x", 2, 2L, true), (subset.Name, subset.Count, subset.SampleCount, subset.SupportsConcurrentReads));
        foreach (long outside in new long[] { -1, 2 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => subset.GetPixels(outside));
            Assert.Throws<ArgumentOutOfRangeException>(() => subset.GetLabel(outside));
            Assert.Throws<ArgumentOutOfRangeException>(() => subset.GetFileName(outside));
            Assert.Throws<ArgumentOutOfRangeException>(() => subset.Read(Request, [outside]));
        }
    }

    [Fact]
    public void Reading_NeedsARequestAndABatchSize()
    {
        MemoryMappedImageDataset.Write(_images, _folder["i"], _folder["l"]);
        using var mapped = MemoryMappedImageDataset.Open("x", _folder["i"], _folder["l"], ["a", "b"]);
        IImageSource[] sources = [_images, mapped, new ImageSubset(_images, [0])];
        var none = Request with { BatchSize = 0 };
        Assert.All(
            sources,
            source =>
            {
                Assert.Throws<ArgumentNullException>("request", () => source.Read(null!));
                Assert.Throws<ArgumentNullException>("request", () => source.Read(null!, [0]));
                Assert.Throws<ArgumentNullException>("indices", () => source.Read(Request, null!));
                Assert.Throws<ArgumentOutOfRangeException>("request", () => source.Read(none));
                Assert.Throws<ArgumentOutOfRangeException>("request", () => source.Read(none, [0]));
                Assert.Single(source.Read(Request with { BatchSize = 1 }, [0]));
            }
        );
    }

    [Fact]
    public void MappedImages_AreCopiedFromAPlaceThatIsThere()
    {
        MemoryMappedImageDataset.Write(_images, _folder["i"], _folder["l"]);
        using var mapped = MemoryMappedImageDataset.Open("x", _folder["i"], _folder["l"], ["a", "b"]);
        Assert.Equal((4, 3, 2, 5), (mapped.Count, mapped.Channels, mapped.Height, mapped.Width));
        foreach (var (first, count) in new[] { (-1, 1), (0, 0), (0, -1), (0, 5), (3, 2), (4, 1) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => mapped.Load(first, count));
        }

        using var all = mapped.Load(0, 4);
        using var last = mapped.Load(3, 1);
        TensorAssert.Identical(_images.Pixels, all.Pixels, "all");
        TensorAssert.Identical(_images.Pixels[3], last.Pixels[0], "last");
        Assert.Equal([1], last.Labels.data<long>().ToArray());
        foreach (long outside in new long[] { -1, 4 })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => mapped.GetPixels(outside));
            Assert.Throws<ArgumentOutOfRangeException>(() => mapped.GetLabel(outside));
            Assert.Throws<ArgumentOutOfRangeException>(() => _images.GetFileName(outside));
        }

        Assert.Throws<ArgumentNullException>("data", () => MemoryMappedImageDataset.Write(null!, _folder["i"], _folder["l"]));
        Assert.Throws<ArgumentNullException>(
            "classNames",
            () => MemoryMappedImageDataset.Open("x", _folder["i"], _folder["l"], null!)
        );
        Assert.Throws<ArgumentException>("name", () => MemoryMappedImageDataset.Open(" ", _folder["i"], _folder["l"], ["a"]));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void FileOfLabels_HasRoomFor256Classes(int classes, bool fits)
    {
        using var scope = NewDisposeScope();
        using var data = new ImageDataset(
            "x",
            zeros(1, 1, 2, 2, dtype: ScalarType.Byte),
            tensor(new[] { 255L }),
            [.. Enumerable.Range(0, classes).Select(i => $"{i}")]
        );
        var error = Record.Exception(() => MemoryMappedImageDataset.Write(data, _folder["i"], _folder["l"]));
        Assert.Equal(fits, error is null);
        Assert.Equal(fits, File.Exists(_folder["l"]));
        if (!fits)
        {
            Assert.StartsWith(
                "A label is a byte in the file, but 'x' has 257 classes. Give at most 256.",
                Assert.IsType<ArgumentException>(error).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void NoArgument_IsRefused()
    {
        using var scope = NewDisposeScope();
        var (pixels, labels) = (zeros(1, 1, 2, 2, dtype: ScalarType.Byte), zeros(1, dtype: ScalarType.Int64));
        Assert.Throws<ArgumentNullException>("pixels", () => new ImageDataset("x", null!, labels, ["a"]));
        Assert.Throws<ArgumentNullException>("labels", () => new ImageDataset("x", pixels, null!, ["a"]));
        Assert.Throws<ArgumentNullException>("classNames", () => new ImageDataset("x", pixels, labels, null!));
        Assert.Throws<ArgumentException>("name", () => new ImageDataset("", pixels, labels, ["a"]));
        Assert.Throws<ArgumentNullException>("change", () => _images.Map(null!));
        Assert.Throws<ArgumentNullException>("inputs", () => _images.Denormalize(null!));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => _images.Take(0));
        Assert.Throws<ArgumentNullException>("train", () => new ImageDatasets(null!, _images));
        Assert.Throws<ArgumentNullException>("test", () => new ImageDatasets(_images, null!));
        Assert.Throws<ArgumentNullException>("data", () => ImageSourceExtensions.Split(null!, 0.5));
        Assert.Throws<ArgumentNullException>("data", () => ImageSourceExtensions.Folds(null!, 2));
        Assert.Throws<ArgumentNullException>("batches", () => BatchSource.From("x", (IEnumerable<Batch>)null!));
        Assert.Throws<ArgumentNullException>("epoch", () => BatchSource.From("x", (Func<BatchRequest, IEnumerable<Batch>>)null!));
        Assert.Throws<ArgumentNullException>("loader", () => BatchSource.From((TorchSharp.Modules.DataLoader)null!));
        Assert.Throws<ArgumentException>("name", () => BatchSource.From(" ", new List<Batch>()));
        Assert.Throws<ArgumentException>("name", () => BatchSource.From(" ", _ => []));
        Assert.Throws<ArgumentOutOfRangeException>("limit", () => ImageDataset.FromIdx("x", "i", "l", ["a"], limit: 0));
        Assert.Throws<ArgumentNullException>("classNames", () => ImageDataset.FromIdx("x", "i", "l", null!));
        Assert.Throws<ArgumentNullException>("preparation", () => ImagePreparationExtensions.Decode(null!, []));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(1.5)]
    public void FractionOutside_IsRefused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>("fraction", () => _images.Split(fraction));

    [Fact]
    public void PartsThatDoNotFit_AreRefused()
    {
        using var other = Images(4, "c");
        using var joined = new ImageDatasets(Images(4), Images(2));
        Assert.Equal(("x", 3, 2, 5), (joined.Name, joined.Channels, joined.Height, joined.Width));
        Assert.Equal(["a", "b"], joined.ClassNames);
        Assert.StartsWith(
            "Training and test images must have one shape and the same classes, but are 3x2x5 in 2 classes and 3x2x5 in 2.",
            Assert.Throws<ArgumentException>("test", () => new ImageDatasets(_images, other)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void LabelsAtTheirBounds_AreTaken_AndNotBeyond()
    {
        using var scope = NewDisposeScope();
        var pixels = zeros(2, 1, 2, 2, dtype: ScalarType.Byte);
        ImageDatasetFaults.Check(pixels, tensor(new long[] { 0, 2 }), ["a", "b", "c"], null);
        (long[], string)[] bad = [([0, 3], "0 to 3"), ([-1, 2], "-1 to 2")];
        foreach (var (labels, range) in bad)
        {
            Assert.Equal(
                [$"labels must be from 0 to 2, one for each class name, but is {range}."],
                Faults(pixels, tensor(labels), ["a", "b", "c"])
            );
        }

        var one = zeros(1, dtype: ScalarType.Int64);
        Assert.Equal(["labels must be one for each of the 2 images, but is [1]."], Faults(pixels, one, ["a"]));
        Assert.Equal(
            ["labels must be int64 [samples], but is Int32 [2]."],
            Faults(pixels, zeros(2, dtype: ScalarType.Int32), ["a"])
        );
        Assert.Equal(
            ["labels must be int64 [samples], but is Int64 [2, 1]."],
            Faults(pixels, zeros(2, 1, dtype: ScalarType.Int64), ["a"])
        );
        const string must = "pixels must be uint8 [samples, channels, height, width] with at least 1 sample, but is ";
        Assert.Equal([must + "Float32 [1, 1, 2, 2]."], Faults(zeros(1, 1, 2, 2), one, ["a"]));
        Assert.Equal([must + "Byte [1, 2, 2]."], Faults(zeros(1, 2, 2, dtype: ScalarType.Byte), one, ["a"]));
        Assert.Equal([must + "Byte [0, 1, 2, 2]."], Faults(zeros(0, 1, 2, 2, dtype: ScalarType.Byte), one, ["a"]));
        Assert.Contains("classNames.Count must be at least 1, but is 0.", Faults(pixels, zeros(2, dtype: ScalarType.Int64), []));

        static IReadOnlyList<string> Faults(Tensor pixels, Tensor labels, string[] names) =>
            Assert.Throws<InvalidOptionsException>(() => ImageDatasetFaults.Check(pixels, labels, names, null)).Faults;
    }

    [Fact]
    public void Batches_AreCountedByTheirSource_OrBySamples()
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<Batch> two = [new(zeros(3), zeros(3)), new(zeros(1), zeros(1))];
        var ready = (EnumerableSource)BatchSource.From("x", two);
        Assert.Equal((true, 2L), (ready.HasOwnBatches, ready.CountBatches(Request)));
        Assert.Null(((EnumerableSource)BatchSource.From("x", two.Where(_ => true))).CountBatches(Request));
        var made = (EnumerableSource)BatchSource.From("x", _ => two, 7);
        Assert.Equal((false, 4L), (made.HasOwnBatches, made.CountBatches(Request)));
        Assert.Equal(3, made.CountBatches(Request with { DropLast = true }));
        Assert.Equal(4, ((EnumerableSource)BatchSource.From("x", _ => two, 8)).CountBatches(Request));
        Assert.Null(((EnumerableSource)BatchSource.From("x", _ => two)).CountBatches(Request));
        Assert.Equal([3, 1], ready.Read(Request).Select(batch => batch.Count));
        Assert.Equal([1], ready.Read(Request with { SkipBatches = 1 }).Select(batch => batch.Count));
        Assert.Empty(ready.Read(Request with { SkipBatches = 2 }));
        Assert.Empty(ready.Read(Request with { SkipBatches = 3 }));
    }

    private static long[] Labels(IEnumerable<Batch> batches) =>
        [.. batches.SelectMany(batch => batch.Targets.data<long>().ToArray())];

    /// <summary>The first half is of class 0.</summary>
    private static ImageDataset Images(int count, string second = "b")
    {
        using var scope = NewDisposeScope();
        return new ImageDataset(
            "x",
            arange(count * 30, dtype: ScalarType.Int64).remainder(251).to(ScalarType.Byte).reshape(count, 3, 2, 5),
            arange(count, dtype: ScalarType.Int64).ge(count / 2).to(ScalarType.Int64),
            ["a", second]
        );
    }
}

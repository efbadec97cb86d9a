using System.IO.Compression;
using VisionSeqModels.Data;
using static TorchSharp.torch;

namespace VisionSeqModels.Tests.Data;

/// <summary>IDX files of any set: other sizes, counts and classes than MNIST's, images stored column by column, packed or
/// not.</summary>
[Collection("Torch")]
public sealed class IdxDatasetTests : IDisposable
{
    private static readonly string[] Letters = [.. Enumerable.Range(0, 47).Select(i => $"class {i}")];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", false)]
    [InlineData(".gz", false)]
    [InlineData("", true)]
    [InlineData(".gz", true)]
    public void FromIdx_GivesTheImagesOfThePair(string suffix, bool transposed)
    {
        using var scope = NewDisposeScope();
        WriteImages("images" + suffix, count: 5, height: 3, width: 4);
        WriteLabels("labels" + suffix, [46, 0, 1, 2, 3]);
        using var data = ImageDataset.FromIdx(
            "mine",
            _folder["images" + suffix],
            _folder["labels" + suffix],
            Letters,
            limit: 3,
            transposed: transposed
        );

        var stored = arange(36, dtype: ScalarType.Byte).reshape(3, 1, 3, 4);
        TensorAssert.Identical(transposed ? stored.transpose(2, 3) : stored, data.Pixels, "pixels");
        Assert.Equal([46, 0, 1], data.Labels.data<long>().ToArray());
        Assert.Equal(Letters, data.ClassNames);
        Assert.Equal(ImageNormalization.Centered(1).Mean, data.Normalization.Mean);
    }

    [Fact]
    public void FromIdx_ReadsWhatTheMappedSetWrites()
    {
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(new SyntheticImagesOptions { TrainCount = 20, TestCount = 10 });
        MemoryMappedImageDataset.Write(data.Train, _folder["images"], _folder["labels"]);
        using var read = ImageDataset.FromIdx("synthetic", _folder["images"], _folder["labels"], data.ClassNames);
        TensorAssert.Identical(data.Train.Pixels, read.Pixels, "pixels");
        TensorAssert.Identical(data.Train.Labels, read.Labels, "labels");
    }

    [Theory]
    [InlineData("images")]
    [InlineData("images.gz")]
    public void FromIdx_ChecksWhatIsBehindTheLimit(string name)
    {
        WriteImages(name, count: 5, height: 3, width: 4, content: 59);
        WriteLabels("labels", [0, 0, 0, 0, 0]);
        var error = Assert.Throws<DatasetFormatException>(() =>
            ImageDataset.FromIdx("mine", _folder[name], _folder["labels"], Letters, limit: 1)
        );
        Assert.Contains("ends before the 5 x 3 x 4 bytes", error.Message, StringComparison.Ordinal);
        Assert.Equal(_folder[name], error.Path);
        File.Delete(_folder[name]); // refused on Windows while it is open
    }

    /// <summary>A gzip file of 40 bytes that claims four gigabytes takes no memory for them.</summary>
    [Fact]
    public void FromIdx_PackedFileTooShortForItsPromise_IsRefusedBeforeAnyMemoryIsTaken()
    {
        Write("images.gz", [0, 0, 8, 3, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0]);
        WriteLabels("labels", [0]);
        var error = Assert.Throws<DatasetFormatException>(() =>
            ImageDataset.FromIdx("mine", _folder["images.gz"], _folder["labels"], Letters)
        );
        Assert.Contains("ends before the 1 x 65536 x 65536 bytes", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What another published set needs is its description.</summary>
    [Fact]
    public void Description_OfAnotherSet_IsAllThatItTakes()
    {
        using var scope = NewDisposeScope();
        var set = new IdxDataset
        {
            Title = "My letters",
            Name = "letters",
            Subfolders = ["letters"],
            ClassNames = Letters,
            Normalization = new ImageNormalization { Mean = [0.17], StandardDeviation = [0.33] },
            Side = 4,
            Transposed = true,
            Train = new(6, ("train-images-idx3-ubyte", ""), ("train-labels-idx1-ubyte", "")),
            Test = new(3, ("test-images-idx3-ubyte", ""), ("test-labels-idx1-ubyte", "")),
        };
        Assert.Null(set.Find(_folder.Root));
        Directory.CreateDirectory(_folder["letters"]);
        WriteImages("letters/train-images-idx3-ubyte.gz", count: 6, height: 4, width: 4);
        WriteLabels("letters/train-labels-idx1-ubyte.gz", [46, 1, 2, 3, 4, 5]);
        WriteImages("letters/test-images-idx3-ubyte", count: 3, height: 4, width: 4);
        WriteLabels("letters/test-labels-idx1-ubyte", [0, 1, 46]);

        using var data = set.Load(_folder.Root, new DatasetOptions { TrainLimit = 2 });
        Assert.Equal((2, 3), (data.Train.Count, data.Test.Count));
        Assert.Equal(47, data.ClassNames.Count);
        TensorAssert.Identical(
            arange(16, dtype: ScalarType.Byte).reshape(4, 4).t(),
            data.Train.Pixels[0, 0],
            "first image, row by row"
        );
    }

    private void WriteImages(string name, int count, int height, int width, int? content = null) =>
        Write(
            name,
            [.. Header(count, height, width), .. Enumerable.Range(0, content ?? (count * height * width)).Select(i => (byte)i)]
        );

    private void WriteLabels(string name, byte[] labels) => Write(name, [.. Header(labels.Length), .. labels]);

    private static byte[] Header(params int[] sizes)
    {
        using var stream = new MemoryStream();
        IdxFile.WriteHeader(stream, sizes);
        return stream.ToArray();
    }

    private void Write(string name, byte[] bytes)
    {
        using Stream file = File.Create(_folder[name]);
        using Stream target = name.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionLevel.Fastest)
            : file;
        target.Write(bytes);
    }
}

using System.IO.Compression;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Datasets;

/// <summary>IDX files at the edges of what is allowed, and what is said beyond.</summary>
[Collection("Torch")]
public sealed class IdxBoundsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AMissingFile_IsNamed_ButAnEmptyNameIsTheCallersFault(bool mapped)
    {
        Assert.Equal(
            $"'{_folder["none"]}' is not there. Name the IDX files of images and labels.",
            Assert.Throws<DatasetNotFoundException>(() => Open(_folder["none"], mapped)).Message
        );
        Assert.Throws<ArgumentException>(() => Open(" ", mapped));
    }

    [Theory]
    [InlineData(0u, 3u, "holds 0 x 3, but must hold from 1 to 2147483647 in each dimension.")]
    [InlineData(3u, 0u, "holds 3 x 0, but must hold from 1 to 2147483647 in each dimension.")]
    [InlineData(1u, 0x80000000u, "holds 1 x 2147483648, but must hold from 1 to 2147483647 in each dimension.")]
    [InlineData(1u, 0x7fffffffu, "ends before the 1 x 2147483647 bytes that its header promises.")]
    public void SizesOutOfRange_AreNamed(uint first, uint second, string expected)
    {
        byte[] sizes = [.. new[] { first, second }.SelectMany(size => BitConverter.GetBytes(size).Reverse())];
        Assert.Equal(expected, Fault([0, 0, 8, 2, .. sizes]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(11)]
    public void AHeaderThatIsCutOff_IsNamed(int length)
    {
        byte[] header = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2];
        Assert.Equal("ends before the end of its header.", Fault(header[..length]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFileThatGoesOn_IsRefusedAtOnce_AndClosed(bool mapped)
    {
        byte[] bytes = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 8, 9];
        File.WriteAllBytes(_folder["idx"], bytes);
        Assert.Contains(
            "goes on after the 1 x 2 bytes that its header promises.",
            Assert.Throws<DatasetFormatException>(() => Open(_folder["idx"], mapped)).Message,
            StringComparison.Ordinal
        );
        AssertClosed("idx");
        File.WriteAllBytes(_folder["idx"], bytes[..^1]);
        Open(_folder["idx"], mapped).Dispose();
        AssertClosed("idx");
    }

    [Fact]
    public void APackedFile_IsClosed_WithItsContent()
    {
        using (var gzip = new GZipStream(File.Create(_folder["idx.gz"]), CompressionLevel.Fastest))
        {
            gzip.Write([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 8]);
        }

        byte[] content = new byte[2];
        using (var file = IdxFile.Open(_folder["idx.gz"], [2], ""))
        {
            file.Read(content);
        }

        Assert.Equal([7, 8], content);
        AssertClosed("idx.gz");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void OtherNumbersOfImagesAndLabels_AreNamed(int labels)
    {
        Write("images", [5, 2, 2]);
        Write("labels", [labels]);
        string expected = $"holds 5 images, but '{_folder["labels"]}' holds {labels} labels.";
        Assert.Contains(expected, PairFault(), StringComparison.Ordinal);
        Assert.Contains(
            expected,
            Assert
                .Throws<DatasetFormatException>(() =>
                    MemoryMappedImageDataset.Open("any", _folder["images"], _folder["labels"], ["a"])
                )
                .Message,
            StringComparison.Ordinal
        );
        AssertClosed("images");
    }

    [Fact]
    public void ChannelsAtTheEnd_AreRefused_InFourDimensionsAlone()
    {
        Write("labels", [2]);
        Write("images", [2, 8, 8, 3]);
        Assert.Contains("must have channels before height and width", PairFault(), StringComparison.Ordinal);
        Write("images", [2, 8, 3]);
        using var data = ImageDataset.FromIdx("any", _folder["images"], _folder["labels"], ["a"]);
        Assert.Equal([2, 1, 8, 3], data.Pixels.shape);
    }

    /// <summary>The file has no content on the disk: nothing of it is read.</summary>
    [Fact]
    public void MoreThanTwoGigabytes_AreRefused_BeforeTheyAreRead()
    {
        Write("labels", [3]);
        using (var file = File.Create(_folder["images"]))
        {
            IdxFile.WriteHeader(file, 3, 32_768, 32_768);
            file.SetLength(16 + (3L << 30));
        }

        Assert.Contains("holds more than 2 GiB of images.", PairFault(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyName_IsTheCallersFault() =>
        Assert.Throws<ArgumentException>(() => ImageDataset.FromIdx(" ", _folder["images"], _folder["labels"], ["a"]));

    private string PairFault() =>
        Assert
            .Throws<DatasetFormatException>(() => ImageDataset.FromIdx("any", _folder["images"], _folder["labels"], ["a"]))
            .Message;

    private string Fault(byte[] bytes)
    {
        File.WriteAllBytes(_folder["idx"], bytes);
        string message = Assert.Throws<DatasetFormatException>(() => Open(_folder["idx"], mapped: false)).Message;
        Assert.StartsWith($"'{_folder["idx"]}' ", message, StringComparison.Ordinal);
        return message[(_folder["idx"].Length + 3)..].TrimEnd();
    }

    private static IdxFile Open(string path, bool mapped) =>
        mapped ? IdxFile.OpenToMap(path, [2], "") : IdxFile.Open(path, [2], "");

    /// <summary>Nobody but its only user may write a file.</summary>
    private void AssertClosed(string name) =>
        new FileStream(_folder[name], FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();

    private void Write(string name, int[] sizes)
    {
        using var file = File.Create(_folder[name]);
        IdxFile.WriteHeader(file, sizes);
        file.Write(new byte[sizes.Aggregate(1, (product, size) => product * size)]);
    }
}

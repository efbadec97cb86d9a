using System.Formats.Tar;
using System.IO.Compression;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

/// <summary>A data set that is there in another form than the published one is read, or the message says what is there.</summary>
[Collection("Torch")]
public sealed class LocalCopiesTests : IDisposable
{
    private static readonly DatasetOptions Offline = new()
    {
        Download = false,
        TrainLimit = 3,
        TestLimit = 2,
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}.gz")]
    [InlineData("{1}")]
    [InlineData("{1}.gz")]
    [InlineData("{0}/{0}")]
    [InlineData("{1}/{1}")]
    [InlineData("{1}/{0}")]
    [InlineData("{1}/{1}.gz")]
    public void MnistUnderAnyOfItsNames_IsRead(string name)
    {
        WriteIdx(name, "train-images-idx3-ubyte", [60_000, 28, 28]);
        WriteIdx(name, "train-labels-idx1-ubyte", [60_000]);
        WriteIdx(name, "t10k-images-idx3-ubyte", [10_000, 28, 28]);
        WriteIdx(name, "t10k-labels-idx1-ubyte", [10_000]);

        using var data = Mnist.Load(_folder.Root, Offline);

        Assert.Equal((3, 2), (data.Train.Count, data.Test.Count));
        Assert.True(Mnist.Exists(_folder.Root));
    }

    [Theory]
    [InlineData("cifar-10-batches-py/data_batch_1", "'cifar-10-batches-py' is there, which is CIFAR-10's Python version")]
    [InlineData("data_batch_1", "'data_batch_1' is there, which is CIFAR-10's Python version")]
    [InlineData("cifar10/cifar-10-batches-py/data_batch_1", "which is CIFAR-10's Python version")]
    [InlineData("cifar-10-python.tar.gz", "'cifar-10-python.tar.gz' is there, which is CIFAR-10's Python version")]
    [InlineData("cifar-10-batches-mat/data_batch_1.mat", "which is CIFAR-10's MATLAB version")]
    [InlineData("cifar-10-matlab.tar.gz", "which is CIFAR-10's MATLAB version")]
    public void Cifar10InAnotherVersion_IsNamedWithTheVersionThatIsRead(string file, string expected)
    {
        Touch(file);
        string message = Assert.Throws<DatasetNotFoundException>(() => Cifar10.Load(_folder.Root, Offline)).Message;
        Assert.Contains(expected, message.Replace(_folder.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        Assert.Contains(
            "put cifar-10-binary.tar.gz there, or its folder cifar-10-batches-bin",
            message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("archive.zip")]
    [InlineData("mnist.tar.gz")]
    [InlineData("mnist/mnist.tgz")]
    [InlineData("MNIST/raw/files.tar")]
    public void ArchiveThatIsNotUnpacked_IsNamed(string file)
    {
        Touch(file);
        string message = Assert.Throws<DatasetNotFoundException>(() => Mnist.Load(_folder.Root, Offline)).Message;
        Assert.Contains(
            $"'{_folder[file]}' is there, which may hold it. Unpack it in its folder.",
            message.Replace('\\', '/').Replace(_folder.Root.Replace('\\', '/'), _folder.Root, StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FashionMnistDirectlyInTheFolder_IsNamedWithItsPlace()
    {
        Touch("train-images-idx3-ubyte.gz");
        string message = Assert.Throws<DatasetNotFoundException>(() => NewFashion().Load(_folder.Root, Offline)).Message;
        Assert.Contains("move them into the folder 'fashion' there", message, StringComparison.Ordinal);
    }

    /// <summary>The archive that the authors publish needs no unpacking by hand, and stays where it is.</summary>
    [Fact]
    public void PublishedArchiveOfCifar10_IsUnpackedAndKept()
    {
        string[] names = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin"), "test_batch.bin"];
        using (var tar = new TarWriter(new GZipStream(File.Create(_folder["cifar-10-binary.tar.gz"]), CompressionLevel.Fastest)))
        {
            byte[] content = new byte[10_000 * 3073];
            foreach (string name in names)
            {
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, $"cifar-10-batches-bin/{name}")
                    {
                        DataStream = new MemoryStream(content),
                    }
                );
            }
        }

        using var data = Cifar10.Load(_folder.Root, Offline);

        Assert.Equal((3, 2), (data.Train.Count, data.Test.Count));
        Assert.True(File.Exists(_folder["cifar-10-binary.tar.gz"]));
    }

    [Fact]
    public void DamagedArchiveOfCifar10_IsNamed()
    {
        File.WriteAllText(_folder["cifar-10-binary.tar.gz"], "no archive");
        string message = Assert.Throws<DatasetNotFoundException>(() => Cifar10.Load(_folder.Root, Offline)).Message;
        Assert.Contains("as an archive that cannot be unpacked", message, StringComparison.Ordinal);
        Assert.Contains("cifar-10-binary.tar.gz", message, StringComparison.Ordinal);
    }

    /// <summary>A data set like Fashion-MNIST, whose files do not count directly in the folder; without its place on this
    /// system.</summary>
    private static IdxDataset NewFashion() =>
        new()
        {
            Title = "Fashion",
            Name = "fashion",
            Subfolders = ["fashion"],
            ClassNames = ["a"],
            Normalization = ImageNormalization.Centered(1),
            Train = new(1, ("train-images-idx3-ubyte", ""), ("train-labels-idx1-ubyte", "")),
            Test = new(1, ("t10k-images-idx3-ubyte", ""), ("t10k-labels-idx1-ubyte", "")),
        };

    private void Touch(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], "");
    }

    private void WriteIdx(string pattern, string name, int[] sizes)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string path = _folder[string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, name, dotted)];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Stream file = File.Create(path);
        using var stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        IdxFile.WriteHeader(stream, sizes);
        stream.Write(new byte[sizes.Aggregate(1, (product, size) => product * size)]);
    }
}

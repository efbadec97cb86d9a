using System.Net;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Datasets;

/// <summary>CIFAR-10 where some of its files are there, or none.</summary>
[Collection("Torch")]
public sealed class Cifar10FolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data_batch_3.bin")]
    [InlineData("cifar-10-batches-bin/test_batch.bin")]
    [InlineData("cifar10/data_batch_1.bin")]
    [InlineData("cifar10/cifar-10-batches-bin/data_batch_5.bin")]
    public void AnyOfItsFiles_MeansThatItIsThere(string file)
    {
        Assert.False(Cifar10.Exists(_folder.Root));
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], "");
        Assert.True(Cifar10.Exists(_folder.Root));
    }

    [Fact]
    public void ADamagedFile_IsNamed_AndAMissingOne()
    {
        File.WriteAllBytes(_folder["data_batch_1.bin"], new byte[5]);
        Assert.Contains(
            "has 5 bytes, but must have 30,730,000",
            Assert.Throws<DatasetFormatException>(() => Cifar10.Load(_folder.Root, new() { TrainLimit = 1 })).Message,
            StringComparison.Ordinal
        );
        File.Move(_folder["data_batch_1.bin"], _folder["data_batch_2.bin"]);
        Assert.Contains(
            "data_batch_1.bin' is missing",
            Assert.Throws<DatasetNotFoundException>(() => Cifar10.Load(_folder.Root, new() { TrainLimit = 1 })).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AnotherArchiveThanThePublishedOne_IsRefused_AndLeavesNothing()
    {
        using var server = new Server();
        string message = Assert
            .Throws<DatasetNotFoundException>(() =>
                Cifar10.Load(
                    _folder.Root,
                    new DatasetOptions { HttpHandler = server, Mirror = new Uri("http://mirror.invalid/") }
                )
            )
            .Message;
        Assert.Contains("http://mirror.invalid/cifar-10-binary.tar.gz gave 3 bytes", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    private sealed class Server : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([1, 2, 3]) });
    }
}

using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Datasets;

/// <summary>A published set of four IDX files: which of them are downloaded, and where to.</summary>
[Collection("Torch")]
public sealed class IdxDownloadTests : IDisposable
{
    private static readonly string[] Names =
    [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ];

    private static readonly byte[][] Packed =
    [
        Pack(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 10, 20),
        Pack(0, 0, 8, 1, 0, 0, 0, 2, 1, 0),
        Pack(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 30),
        Pack(0, 0, 8, 1, 0, 0, 0, 1, 1),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WithNothingThere_AllGoIntoTheSetsOwnFolder()
    {
        using var server = new Server();
        using var data = Set(["small"]).Load(_folder.Root, new DatasetOptions { HttpHandler = server });
        Assert.Equal(Names.Select(name => $"/data/{name}.gz"), server.Asked);
        Assert.Equal(4, Directory.GetFiles(_folder["small"], "*.gz").Length);
        Assert.Equal([10, 20], data.Train.Pixels.bytes.ToArray());
        Assert.Equal([30], data.Test.Pixels.bytes.ToArray());
    }

    [Fact]
    public void WithSomeThere_TheOthersGoBesideThem()
    {
        File.WriteAllBytes(_folder[Names[0] + ".gz"], Packed[0]);
        File.WriteAllBytes(_folder[Names[3] + ".gz"], Packed[3]);
        using var server = new Server();
        using var data = Set(["", "small"]).Load(_folder.Root, new DatasetOptions { HttpHandler = server });
        Assert.Equal([$"/data/{Names[1]}.gz", $"/data/{Names[2]}.gz"], server.Asked);
        Assert.Equal(4, Directory.GetFiles(_folder.Root, "*.gz").Length);
        Assert.Equal((2, 1), (data.Train.Count, data.Test.Count));
    }

    [Fact]
    public void WithoutAnAddress_NothingIsAsked()
    {
        string message = Message(Set(["small"]) with { Home = null }, new DatasetOptions());
        Assert.Contains("cannot be downloaded by this library. Put the published files there", message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["small"]);
        File.WriteAllBytes(_folder[$"small/{Names[0]}.gz"], Packed[0]);
        Assert.Contains(
            $"{Names[1]}' (or the same with .gz) is missing; other files of Small are there.",
            Message(Set(["small"]) with { Home = null }, new DatasetOptions()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FilesOfOtherSizes_AreNotTheSets()
    {
        Write(Packed[0], Packed[1], Packed[2], Packed[3]);
        using (var data = Set(["small"]).Load(_folder.Root, null))
        {
            Assert.Equal(2, data.Train.Count);
        }

        Write(Pack(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4), Packed[1], Packed[2], Packed[3]);
        Assert.Contains("holds 2 x 1 x 2, but must hold 2 x 1 x 1.", Fault(), StringComparison.Ordinal);
        Write(Pack(0, 0, 8, 4, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2), Packed[1], Packed[2], Packed[3]);
        Assert.Contains("an IDX file of bytes in 3 dimensions begins with 0x00000803.", Fault(), StringComparison.Ordinal);
        Write(Packed[0], Packed[3], Packed[2], Packed[3]);
        Assert.Contains("holds 1, but must hold 2.", Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void FashionMnist_LiesInAFolderOfItsOwn()
    {
        Directory.CreateDirectory(_folder["fashion-mnist"]);
        File.WriteAllText(_folder[$"fashion-mnist/{Names[0]}"], "");
        Assert.True(FashionMnist.Exists(_folder.Root));
        Assert.Equal(Directory.Exists("/usr/share/datasets/fashion-mnist"), FashionMnist.Exists(_folder["nothing"]));
    }

    private string Fault() => Assert.Throws<DatasetFormatException>(() => Set(["small"]).Load(_folder.Root, null)).Message;

    private string Message(IdxDataset set, DatasetOptions options) =>
        Assert.Throws<DatasetNotFoundException>(() => set.Load(_folder.Root, options)).Message;

    private void Write(params byte[][] files)
    {
        Directory.CreateDirectory(_folder["small"]);
        foreach (var (name, bytes) in Names.Zip(files))
        {
            File.WriteAllBytes(_folder[$"small/{name}.gz"], bytes);
        }
    }

    private static IdxDataset Set(string[] subfolders)
    {
        string[] sums = Array.ConvertAll(Packed, bytes => Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return new IdxDataset
        {
            Title = "Small",
            Name = "small",
            Subfolders = subfolders,
            ClassNames = ["a", "b"],
            Normalization = ImageNormalization.Centered(1),
            Side = 1,
            Home = new Uri("https://example.invalid/data/"),
            Train = new(2, (Names[0], sums[0]), (Names[1], sums[1])),
            Test = new(1, (Names[2], sums[2]), (Names[3], sums[3])),
        };
    }

    private static byte[] Pack(params byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private sealed class Server : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.AbsolutePath);
            int place = Array.FindIndex(Names, name => request.RequestUri.AbsolutePath == $"/data/{name}.gz");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Packed[place]) });
        }
    }
}

using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Faults;

/// <summary>Downloads that are killed, that meet one another, or that get something else than was asked for.</summary>
[Collection("Torch")]
public sealed class DownloadFaultTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 400_000).Select(i => (byte)(i * 7))];
    private static readonly string Sha256 = Sum(Content);
    private static readonly PublishedFile File1 = new("set.gz", new Uri("https://example.invalid/data/"), Sha256);

    [Fact]
    public void KilledInTheMiddle_LeavesAPartialFileThatTheNextOneContinues()
    {
        using var folder = new TempFolder();
        using (var server = new LoopbackServer(Content) { StallsAt = 150_000 })
        using (var child = ChildProgram.StartDownload(server.Address, folder["set.gz"], Sha256))
        {
            Assert.Equal(ChildProgram.Ready, child.StandardOutput.ReadLine());
            child.Kill();
            child.WaitForExit();
        }

        Assert.Equal(["set.gz.partial"], Names(folder.Root));
        byte[] partial = File.ReadAllBytes(folder["set.gz.partial"]);
        Assert.Equal(Content[..partial.Length], partial);

        using var whole = new LoopbackServer(Content);
        new Downloader(new DatasetOptions { Mirror = whole.Address }).Download(File1, folder["set.gz"]);
        Assert.Equal([(long)partial.Length], whole.Begins);
        Assert.Equal(["set.gz"], Names(folder.Root));
        Assert.Equal(Content, File.ReadAllBytes(folder["set.gz"]));
    }

    [Fact]
    public void TwoAtOnce_TheSecondIsAskedToWait_AndTheFirstIsNotDisturbed()
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(Content) { StallsAt = 150_000 };
        using var first = ChildProgram.StartDownload(server.Address, folder["set.gz"], Sha256);
        Assert.Equal(ChildProgram.Ready, first.StandardOutput.ReadLine());

        using var second = ChildProgram.StartDownload(server.Address, folder["set.gz"], Sha256);
        Assert.Contains(
            "another program downloads the same data just now. Wait for it",
            Output(second),
            StringComparison.Ordinal
        );

        server.GoOn.SetResult();
        Assert.Contains(ChildProgram.Done, Output(first), StringComparison.Ordinal);
        Assert.Equal(["set.gz"], Names(folder.Root));
        Assert.Equal(Content, File.ReadAllBytes(folder["set.gz"]));
        Assert.Single(server.Begins);
    }

    [Fact]
    public void FileThatIsThere_IsNotDownloadedAgain_UnlessItIsAnother()
    {
        using var folder = new TempFolder();
        using var server = new LoopbackServer(Content);
        var downloader = new Downloader(new DatasetOptions { Mirror = server.Address });
        File.WriteAllBytes(folder["set.gz"], Content);

        downloader.Download(File1, folder["set.gz"]);
        Assert.Empty(server.Begins);

        File.WriteAllText(folder["set.gz"], "something else");
        downloader.Download(File1, folder["set.gz"]);
        Assert.Equal(Content, File.ReadAllBytes(folder["set.gz"]));
    }

    [Fact]
    public void ServerThatNeverStops_IsCutOff_AndNothingIsKept()
    {
        using var folder = new TempFolder();
        using var handler = new Endless();
        var options = new DatasetOptions { HttpHandler = handler };

        var error = Assert.Throws<InvalidDataException>(() =>
            new Downloader(options).Download(File1 with { MaximumBytes = 1_000_000 }, folder["set.gz"])
        );

        Assert.Contains("gives more than 1,000,000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(Names(folder.Root));
        Assert.InRange(handler.BytesRead, 1_000_000, 1_200_000);
    }

    /// <summary>Also a download that ended between two files of a set: an earlier version took the folder for the whole set
    /// from then on.</summary>
    [Fact]
    public void SetThatWasBrokenOffBetweenTwoFiles_IsCompletedByTheNextLoad()
    {
        using var folder = new TempFolder();
        byte[][] files = [Packed([60_000, 28, 28]), Packed([60_000]), Packed([10_000, 28, 28]), Packed([10_000])];
        var set = Idx(files);
        using (var twoFiles = new ServerOfFiles(files[..2]))
        {
            Assert.Contains(
                "could not be downloaded",
                Assert
                    .Throws<DatasetNotFoundException>(() => set.Load(folder.Root, new DatasetOptions { HttpHandler = twoFiles }))
                    .Message,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"], Names(folder["set"]));
        Assert.Contains(
            "t10k-images-idx3-ubyte' (or the same with .gz) is missing",
            Assert.Throws<DatasetNotFoundException>(() => set.Load(folder.Root, new DatasetOptions { Download = false })).Message,
            StringComparison.Ordinal
        );

        using var allFiles = new ServerOfFiles(files);
        using var data = set.Load(
            folder.Root,
            new DatasetOptions
            {
                HttpHandler = allFiles,
                TrainLimit = 5,
                TestLimit = 5,
            }
        );
        Assert.Equal(["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"], allFiles.Asked);
        Assert.Equal(5, data.Train.Count);
    }

    [Fact]
    public void UnpackingThatWasKilled_IsCleanedUpWhenItIsOld()
    {
        using var folder = new TempFolder();
        string old = Directory.CreateDirectory(folder[".set-old"]).FullName;
        Directory.CreateDirectory(folder[".set-young"]);
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));
        File.WriteAllText(folder["bad.tar.gz"], "no archive");

        Assert.Throws<InvalidDataException>(() =>
            TarArchive.Extract(folder["bad.tar.gz"], folder.Root, "set", new Dictionary<string, long> { ["a"] = 1 })
        );

        Assert.Equal([".set-young", "bad.tar.gz"], Names(folder.Root));
    }

    private static IdxDataset Idx(byte[][] files) =>
        new()
        {
            Title = "Test set",
            Name = "set",
            Subfolders = ["set"],
            ClassNames = [.. Enumerable.Range(0, 10).Select(i => $"{i}")],
            Normalization = ImageNormalization.Mnist,
            Home = new Uri("https://example.invalid/"),
            Train = new(
                60_000,
                Images: ("train-images-idx3-ubyte", Sum(files[0])),
                Labels: ("train-labels-idx1-ubyte", Sum(files[1]))
            ),
            Test = new(
                10_000,
                Images: ("t10k-images-idx3-ubyte", Sum(files[2])),
                Labels: ("t10k-labels-idx1-ubyte", Sum(files[3]))
            ),
        };

    private static byte[] Packed(int[] sizes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write([
                0,
                0,
                8,
                (byte)sizes.Length,
                .. sizes.SelectMany(size => BitConverter.GetBytes(IPAddress.HostToNetworkOrder(size))),
            ]);
            gzip.Write(new byte[sizes.Aggregate(1, (product, size) => product * size)]);
        }

        return packed.ToArray();
    }

    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string[] Names(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static string Output(Process process)
    {
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    /// <summary>Gives the files in the order in which a set of MNIST's kind has them; of those it lacks, 404.</summary>
    private sealed class ServerOfFiles(byte[][] files) : HttpMessageHandler
    {
        private static readonly string[] Names =
        [
            "train-images-idx3-ubyte.gz",
            "train-labels-idx1-ubyte.gz",
            "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz",
        ];

        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string name = request.RequestUri!.Segments[^1];
            Asked.Add(name);
            int at = Array.IndexOf(Names, name);
            return Task.FromResult(
                at < files.Length
                    ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(files[at]) }
                    : new HttpResponseMessage(HttpStatusCode.NotFound)
            );
        }
    }

    private sealed class Endless : HttpMessageHandler
    {
        private readonly Zeros _zeros = new();

        public long BytesRead => _zeros.BytesRead;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(_zeros) });
    }

    private sealed class Zeros : Stream
    {
        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            BytesRead += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data;

public sealed class DownloaderTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7))];

    [Fact]
    public void Whole_IsPlacedAndReported()
    {
        using var folder = new TempFolder();
        var seen = new List<DownloadProgress>();
        var server = new Server();

        Download(folder, server, new Reports(seen));

        AssertPlaced(folder);
        Assert.Equal(Content.Length, seen[^1].BytesReceived);
        Assert.All(seen, report => Assert.Equal(Content.Length, report.TotalBytes));
    }

    [Fact]
    public void ConnectionThatEnds_IsTakenUpWhereItEnded()
    {
        using var folder = new TempFolder();
        var server = new Server { BytesPerAnswer = 90_000 };

        Download(folder, server);

        AssertPlaced(folder);
        Assert.Equal([null, 90_000, 180_000], server.Ranges);
    }

    [Fact]
    public void PartialFileOfARunBefore_IsGoneOnWith()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["set.gz.partial"], Content[..1000]);
        var server = new Server();

        Download(folder, server);

        AssertPlaced(folder);
        Assert.Equal([1000], server.Ranges);
    }

    [Fact]
    public void PartialFileOfSomethingElse_IsThrownAwayAndDownloadedAgain()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["set.gz.partial"], new byte[5000]);
        var server = new Server();

        Download(folder, server);

        AssertPlaced(folder);
        Assert.Equal([5000, null], server.Ranges);
    }

    [Fact]
    public void ServerWithoutRanges_IsReadFromTheBeginning()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["set.gz.partial"], Content[..1000]);

        Download(folder, new Server { IgnoresRanges = true });

        AssertPlaced(folder);
    }

    [Fact]
    public void WrongSum_NeverGetsTheNameAndKeepsNothing()
    {
        using var folder = new TempFolder();
        var server = new Server { Body = [1, 2, 3] };

        var error = Assert.Throws<InvalidDataException>(() => Download(folder, server));

        Assert.Contains(
            "gave 3 bytes with the SHA-256 sum 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(folder["set.gz"]));
        Assert.Empty(Directory.GetFiles(folder.Root));
        Assert.Single(server.Ranges);
    }

    [Fact]
    public void FailedDownload_LeavesNoFolderOfItsOwn()
    {
        using var folder = new TempFolder();
        var file = new PublishedFile("set.gz", new Uri("https://example.invalid/data/"), new string('0', 64));
        var options = new DatasetOptions { HttpHandler = new Server { Body = [1, 2, 3] } };

        Assert.Throws<InvalidDataException>(() =>
            new Downloader(options, pause: TimeSpan.Zero).Download(file, Path.Combine(folder["new"], "deeper", "set.gz"))
        );

        Assert.False(Directory.Exists(folder["new"]));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, 1)]
    [InlineData(HttpStatusCode.Forbidden, 1)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 3)]
    public void RefusalOfTheServer_IsRepeatedOnlyWhereItMayHelp(HttpStatusCode status, int tries)
    {
        using var folder = new TempFolder();
        var server = new Server { Status = status };

        Assert.Throws<HttpRequestException>(() => Download(folder, server));

        Assert.Equal(tries, server.Ranges.Count);
        Assert.False(File.Exists(folder["set.gz"]));
    }

    [Fact]
    public void SecondProgram_IsAskedToWait()
    {
        using var folder = new TempFolder();
        using var held = new FileStream(folder["set.gz.partial"], FileMode.Create, FileAccess.Write, FileShare.None);
        Assert.Contains(
            "another program",
            Assert.Throws<IOException>(() => Download(folder, new Server())).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Cancelled_Stops()
    {
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Download(folder, new Server(), token: source.Token));
        Assert.False(File.Exists(folder["set.gz"]));
    }

    [Fact]
    public void Load_WithoutFilesAndDownloads_SaysWhereItLooked()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<DatasetNotFoundException>(() =>
            Mnist.Load(folder.Root, new DatasetOptions { Download = false })
        );
        Assert.Contains(folder.Root, error.Message, StringComparison.Ordinal);
        Assert.Contains("downloads are off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhereTheServerHasNothing_SaysWhyAndLeavesNoFile()
    {
        using var folder = new TempFolder();
        using var server = new Server { Status = HttpStatusCode.NotFound };
        var error = Assert.Throws<DatasetNotFoundException>(() =>
            Cifar10.Load(folder.Root, new DatasetOptions { HttpHandler = server })
        );
        Assert.Contains("could not be downloaded", error.Message, StringComparison.Ordinal);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(folder.Root), path => new FileInfo(path).Length > 0);
    }

    private static void Download(
        TempFolder folder,
        Server server,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken token = default
    )
    {
        var file = new PublishedFile(
            "set.gz",
            new Uri("https://example.invalid/data/"),
            Convert.ToHexStringLower(SHA256.HashData(Content))
        );
        var options = new DatasetOptions
        {
            HttpHandler = server,
            Progress = progress,
            CancellationToken = token,
        };
        new Downloader(options, pause: TimeSpan.Zero).Download(file, folder["set.gz"]);
    }

    private static void AssertPlaced(TempFolder folder)
    {
        Assert.Equal(Content, File.ReadAllBytes(folder["set.gz"]));
        Assert.Single(Directory.GetFiles(folder.Root));
    }

    private sealed class Reports(List<DownloadProgress> seen) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => seen.Add(value);
    }

    /// <summary>Answers from memory, and cuts its answers off where a test asks for it.</summary>
    private sealed class Server : HttpMessageHandler
    {
        public byte[] Body { get; init; } = Content;

        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        public bool IgnoresRanges { get; init; }

        public int BytesPerAnswer { get; init; } = int.MaxValue;

        public List<long?> Ranges { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            long? from = request.Headers.Range?.Ranges.Single().From;
            Ranges.Add(from);
            if (Status != HttpStatusCode.OK)
            {
                return Task.FromResult(new HttpResponseMessage(Status));
            }

            int begin = IgnoresRanges ? 0 : (int)Math.Min(from ?? 0, Body.Length);
            byte[] rest = Body[begin..];
            var content = new StreamContent(new MemoryStream(rest[..Math.Min(rest.Length, BytesPerAnswer)]));
            content.Headers.ContentLength = rest.Length;
            var answer = new HttpResponseMessage(
                from is null || IgnoresRanges ? HttpStatusCode.OK : HttpStatusCode.PartialContent
            )
            {
                Content = content,
            };
            if (answer.StatusCode == HttpStatusCode.PartialContent)
            {
                content.Headers.ContentRange = new ContentRangeHeaderValue(begin, Body.Length - 1, Body.Length);
            }

            return Task.FromResult(answer);
        }
    }
}

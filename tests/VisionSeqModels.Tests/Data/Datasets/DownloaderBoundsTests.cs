using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Data.Datasets;

/// <summary>What a download asks for, how often, and what of it outlives a power cut.</summary>
public sealed class DownloaderBoundsTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * 7))];

    private readonly TempFolder _folder = new();

    private string Target => _folder["set.gz"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileThatIsThere_IsNotAskedForAgain_ButAnotherIsReplaced()
    {
        File.WriteAllBytes(Target, Content);
        using var server = new Server(_ => Whole());
        Download(server);
        Assert.Empty(server.Begins);
        File.WriteAllBytes(Target, [1, 2, 3]);
        Download(server);
        Assert.Equal([null], server.Begins);
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void ContentAndName_AreFlushed_OneBeforeTheOther()
    {
        using var server = new Server(_ => Whole());
        using var disk = new DiskLog();
        Download(server);
        Assert.Equal(["flush set.gz.partial", "rename to set.gz", "flush folder " + Path.GetFileName(_folder.Root)], disk.Steps);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, 3)]
    [InlineData(HttpStatusCode.RequestedRangeNotSatisfiable, 3)]
    [InlineData((HttpStatusCode)499, 1)]
    public void Refusals_AreRepeatedWhereTheServerMayChangeItsMind(HttpStatusCode status, int tries)
    {
        using var server = new Server(_ => new HttpResponseMessage(status));
        Assert.Equal(status, Assert.Throws<HttpRequestException>(() => Download(server)).StatusCode);
        Assert.Equal(tries, server.Begins.Count);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, 1)]
    [InlineData(HttpRequestError.ConnectionError, 1)]
    [InlineData(HttpRequestError.ResponseEnded, 3)]
    public void ConnectionsThatCannotBeMade_AreTriedOnce(HttpRequestError fault, int tries)
    {
        using var server = new Server(_ => throw new HttpRequestException(fault));
        Assert.Throws<HttpRequestException>(() => Download(server));
        Assert.Equal(tries, server.Begins.Count);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    /// <summary>Two answers end too early, the third goes on to the end of what is another file.</summary>
    [Fact]
    public void AfterThreeAnswers_AnotherFileIsNotBegunAgain()
    {
        byte[] other = new byte[3000];
        using var server = new Server(begin =>
        {
            var answer = Part(other, (int)(begin ?? 0), begin is null);
            answer.Content = new StreamContent(new MemoryStream(other, (int)(begin ?? 0), 1000));
            answer.Content.Headers.ContentLength = 3000 - (begin ?? 0);
            answer.Content.Headers.ContentRange = begin is null ? null : new ContentRangeHeaderValue((long)begin, 2999, 3000);
            return answer;
        });
        string message = Assert.Throws<InvalidDataException>(() => Download(server)).Message;
        Assert.Contains("gave 3,000 bytes", message, StringComparison.Ordinal);
        Assert.Equal([null, 1000, 2000], server.Begins);
    }

    [Theory]
    [InlineData(true)] // the whole file, as a part from its beginning
    [InlineData(false)] // the whole file: the server knows no parts
    public void AnAnswerFromTheBeginning_ReplacesWhatIsThere(bool partial)
    {
        File.WriteAllBytes(Target + ".partial", Content[..1000]);
        using var server = new Server(_ => Part(Content, 0, !partial));
        Download(server);
        Assert.Equal([1000], server.Begins);
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void TheHandler_StaysTheUsers()
    {
        using var server = new Server(_ => Whole());
        Download(server);
        Assert.False(server.IsDisposed);
    }

    [Fact]
    public void WithoutAHandler_TheLibraryHasOneOfItsOwn()
    {
        using var server = new LoopbackServer(Content);
        Download(null, server.Address);
        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Equal(0, Assert.Single(server.Begins));
    }

    [Fact]
    public void Mirror_IsAskedInsteadOfTheAuthors()
    {
        var file = new PublishedFile("a.gz", new Uri("https://example.invalid/data/"), "");
        Assert.Equal("https://example.invalid/data/a.gz", file.AddressAt(null).ToString());
        Assert.Equal("http://other.invalid/b/a.gz", file.AddressAt(new Uri("http://other.invalid/b/")).ToString());
    }

    private void Download(HttpMessageHandler? server, Uri? mirror = null)
    {
        string sum = Convert.ToHexStringLower(SHA256.HashData(Content));
        var options = new DatasetOptions { HttpHandler = server, Mirror = mirror };
        new Downloader(options, TimeSpan.Zero).Download(
            new PublishedFile("set.gz", new Uri("https://example.invalid/"), sum),
            Target
        );
    }

    private static HttpResponseMessage Whole() => Part(Content, 0, isWhole: true);

    private static HttpResponseMessage Part(byte[] content, int begin, bool isWhole)
    {
        var answer = new HttpResponseMessage(isWhole ? HttpStatusCode.OK : HttpStatusCode.PartialContent)
        {
            Content = new ByteArrayContent(content[begin..]),
        };
        answer.Content.Headers.ContentRange = isWhole
            ? null
            : new ContentRangeHeaderValue(begin, content.Length - 1, content.Length);
        return answer;
    }

    private sealed class Server(Func<long?, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<long?> Begins { get; } = [];

        public bool IsDisposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            long? begin = request.Headers.Range?.Ranges.Single().From;
            Begins.Add(begin);
            return Task.FromResult(answer(begin));
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}

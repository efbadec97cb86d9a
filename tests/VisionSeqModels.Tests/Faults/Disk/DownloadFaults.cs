using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels.Tests.Faults;

/// <summary>An archive that is downloaded and unpacked, and a file that is downloaded as it is: what the data sets do.</summary>
internal sealed class DownloadFaults : FaultScenario
{
    private const string Folder = "set";

    private static readonly Dictionary<string, byte[]> Files = new()
    {
        ["one.bin"] = Bytes(7_000, 1),
        ["two.bin"] = Bytes(5_000, 2),
    };

    private static readonly byte[] Archive = Packed();
    private static readonly byte[] Plain = Bytes(200_000, 3);

    public override string Name => "download";

    public override void Run(SimulatedDisk disk)
    {
        string data = Path.Combine(disk.Root, "data");
        var options = new DatasetOptions { HttpHandler = new Server() };
        var downloader = new Downloader(options, TimeSpan.Zero);
        string archive = Path.Combine(data, "set.tar.gz");
        if (!Directory.Exists(Path.Combine(data, Folder)))
        {
            downloader.Download(Published("set.tar.gz", Archive), archive);
            TarArchive.Extract(archive, data, Folder, Files.ToDictionary(file => file.Key, file => (long)file.Value.Length));
            disk.Promise("the unpacked archive", root => Directory.Exists(Path.Combine(root, "data", Folder)));
            FileSystem.Current.Delete(archive);
        }

        downloader.Download(Published("plain.gz", Plain), Path.Combine(data, "plain.gz"));
        disk.Promise(
            "the plain file",
            root => File.ReadAllBytes(Path.Combine(root, "data", "plain.gz")).AsSpan().SequenceEqual(Plain)
        );
    }

    public override IReadOnlyList<string> Result(string folder) =>
        [
            .. FolderResult
                .Of(folder)
                .Where(line => !line.StartsWith("data/set.tar.gz ", StringComparison.Ordinal)) // unless the process ends, it goes
                .Where(line => !line.StartsWith("data/.set-", StringComparison.Ordinal)), // goes when it is an hour old
        ];

    /// <summary>What has its name is whole.</summary>
    public override IEnumerable<string> HalfFiles(string folder) =>
        Files
            .Select(file => (Place: Path.Combine(folder, "data", Folder, file.Key), Content: file.Value))
            .Append((Place: Path.Combine(folder, "data", "plain.gz"), Content: Plain))
            .Append((Place: Path.Combine(folder, "data", "set.tar.gz"), Content: Archive))
            .Where(file =>
                File.Exists(file.Place)
                    ? !File.ReadAllBytes(file.Place).AsSpan().SequenceEqual(file.Content)
                    : Directory.Exists(Path.Combine(folder, "data", Folder))
                        && file.Place.EndsWith(".bin", StringComparison.Ordinal)
            )
            .Select(file => $"{file.Place} is not whole");

    private static PublishedFile Published(string name, byte[] content) =>
        new(name, new Uri("https://example.invalid/"), Convert.ToHexStringLower(SHA256.HashData(content)));

    private static byte[] Bytes(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Packed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            foreach (var (name, content) in Files)
            {
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, $"{Folder}/{name}") { DataStream = new MemoryStream(content) }
                );
            }
        }

        return packed.ToArray();
    }

    private sealed class Server : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            byte[] content = request.RequestUri!.Segments[^1] == "plain.gz" ? Plain : Archive;
            long begin = request.Headers.Range?.Ranges.Single().From ?? 0;
            if (begin >= content.Length)
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable));
            }

            var response = new HttpResponseMessage(begin > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
            {
                Content = new ByteArrayContent(content, (int)begin, content.Length - (int)begin),
            };
            response.Content.Headers.ContentRange =
                begin > 0 ? new ContentRangeHeaderValue(begin, content.Length - 1, content.Length) : null;
            return Task.FromResult(response);
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using VisionSeqModels.Core;

namespace VisionSeqModels.Data;

/// <summary>Downloads published files: continues a partial file, checks the sum, and only then gives the file its
/// name.</summary>
internal sealed class Downloader(DatasetOptions options, TimeSpan? pause = null)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // for the next bytes
    private readonly TimeSpan _pause = pause ?? TimeSpan.FromSeconds(1);

    /// <summary>Puts the file at <paramref name="target"/>, whole and checked, or throws. A file that is there with the right
    /// sum stays.</summary>
    /// <exception cref="IOException">The download failed; the message says why.</exception>
    public void Download(PublishedFile file, string target)
    {
        if (IsThere(file, target))
        {
            return;
        }

        string directory = Path.GetDirectoryName(Path.GetFullPath(target))!;
        List<string> created = [.. Missing(directory)];
        FileSystem.Current.CreateFolder(directory);
        string partial = target + ".partial";
        using (var stream = OpenPartial(partial))
        {
            try
            {
                // On the thread pool: a caller's synchronization context would wait for itself.
                Task.Run(() => FetchAsync(file, stream), options.CancellationToken).GetAwaiter().GetResult();
                FileSystem.Current.Flush(stream);
            }
            catch when (stream.Length == 0)
            {
                stream.Dispose();
                RemoveEmpty(partial, created);
                throw;
            }
        }

        FileSystem.Current.Rename(partial, target);
        FileSystem.Current.FlushFolder(directory);
    }

    private static bool IsThere(PublishedFile file, string target)
    {
        if (!File.Exists(target))
        {
            return false;
        }

        using var stream = FileSystem.Current.OpenRead(target);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == file.Sha256;
    }

    /// <summary>The folders of a path that do not exist, the innermost first.</summary>
    private static IEnumerable<string> Missing(string? directory)
    {
        for (; directory is not null && !Directory.Exists(directory); directory = Path.GetDirectoryName(directory))
        {
            yield return directory;
        }
    }

    private static void RemoveEmpty(string partial, List<string> created)
    {
        FileSystem.Current.Delete(partial);
        foreach (string directory in created.TakeWhile(FileSystem.Current.IsEmpty))
        {
            FileSystem.Current.DeleteFolder(directory, recursive: false);
        }
    }

    private static Stream OpenPartial(string partial)
    {
        try
        {
            return FileSystem.Current.Open(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(partial))
        {
            throw new IOException(
                $"'{partial}' is in use: another program downloads the same data just now. Wait for it, then start again.",
                e
            );
        }
    }

    private async Task FetchAsync(PublishedFile file, Stream stream)
    {
        using var own = options.HttpHandler is null ? new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(8) } : null;
        using var client = new HttpClient(options.HttpHandler ?? own!, disposeHandler: false)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        for (int attempt = 1; ; attempt++)
        {
            bool resumed = stream.Length > 0;
            try
            {
                await ReceiveAsync(client, file, stream).ConfigureAwait(false);
                await CheckAsync(file, stream).ConfigureAwait(false);
                return;
            }
            catch (InvalidDataException) when (resumed && attempt < Attempts)
            {
                // The partial file was not the beginning of this one. It is gone now, so begin again.
            }
            catch (Exception e) when (attempt < Attempts && IsWorthAnotherTry(e))
            {
                await Task.Delay(_pause * attempt, options.CancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsWorthAnotherTry(Exception e) =>
        e switch
        {
            HttpRequestException { StatusCode: HttpStatusCode status } => status
                is HttpStatusCode.RequestedRangeNotSatisfiable
                    or >= HttpStatusCode.InternalServerError,
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError } =>
                false,
            InvalidDataException => false,
            _ => e is HttpRequestException or IOException or TimeoutException,
        };

    private async Task ReceiveAsync(HttpClient client, PublishedFile file, Stream stream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, file.AddressAt(options.Mirror));
        if (stream.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(stream.Length, null);
        }

        using var response = await client
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, options.CancellationToken)
            .ConfigureAwait(false);
        bool continues =
            response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == stream.Length;
        if (!continues)
        {
            stream.SetLength(0);
        }

        response.EnsureSuccessStatusCode();
        stream.Seek(0, SeekOrigin.End);
        long? total = response.Content.Headers.ContentLength + stream.Length;
        using var body = await response.Content.ReadAsStreamAsync(options.CancellationToken).ConfigureAwait(false);
        await CopyAsync(body, stream, file, total).ConfigureAwait(false);
        if (total is long expected && stream.Length != expected)
        {
            throw new IOException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The connection ended after {stream.Length:n0} of {expected:n0} bytes."
                )
            );
        }
    }

    private async Task CopyAsync(Stream body, Stream stream, PublishedFile file, long? total)
    {
        byte[] buffer = new byte[1 << 16];
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        while (true)
        {
            timer.CancelAfter(Patience);
            int count;
            try
            {
                count = await body.ReadAsync(buffer, timer.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!options.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Nothing came for {Patience.TotalSeconds:f0} seconds.");
            }

            if (count == 0)
            {
                return;
            }

            if (stream.Length + count > file.MaximumBytes)
            {
                stream.SetLength(0);
                throw new InvalidDataException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{file.AddressAt(options.Mirror)} gives more than {file.MaximumBytes:n0} bytes: that is not the "
                            + $"published file."
                    )
                );
            }

            await stream.WriteAsync(buffer.AsMemory(0, count), options.CancellationToken).ConfigureAwait(false);
            options.Progress?.Report(
                new DownloadProgress
                {
                    FileName = file.Name,
                    BytesReceived = stream.Length,
                    TotalBytes = total,
                }
            );
        }
    }

    private async Task CheckAsync(PublishedFile file, Stream stream)
    {
        stream.Seek(0, SeekOrigin.Begin);
        byte[] sum = await SHA256.HashDataAsync(stream, options.CancellationToken).ConfigureAwait(false);
        string found = Convert.ToHexStringLower(sum);
        if (found != file.Sha256)
        {
            long length = stream.Length;
            stream.SetLength(0);
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file.AddressAt(options.Mirror)} gave {length:n0} bytes with the SHA-256 sum {found}, but the "
                        + $"published file has {file.Sha256}."
                )
            );
        }
    }
}

/// <summary>A file as its authors publish it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Home">The address of the folder that has it, with a slash at the end.</param>
/// <param name="Sha256">The SHA-256 sum of the file with the MD5 sum that its authors publish, in lower-case hexadecimal
/// digits.</param>
/// <param name="MaximumBytes">An upper limit of its size: a longer download is another file.</param>
internal sealed record PublishedFile(string Name, Uri Home, string Sha256, long MaximumBytes = 50_000_000)
{
    public Uri AddressAt(Uri? mirror) => new(mirror ?? Home, Name);
}

using System.Net;
using System.Net.Sockets;

namespace VisionSeqModels.Tests;

/// <summary>An HTTP server on this machine that sends one content in answer to everything, or the first part of it.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly byte[] _content;
    private readonly Lock _lock = new();
    private readonly List<long> _begins = [];

    public LoopbackServer(byte[] content)
    {
        _content = content;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>Where to stop sending, without closing, until <see cref="GoOn"/> is set.</summary>
    public int StallsAt { get; init; } = int.MaxValue;

    public TaskCompletionSource GoOn { get; } = new();

    /// <summary>The first byte asked for, of each request in order.</summary>
    public IReadOnlyList<long> Begins
    {
        get
        {
            lock (_lock)
            {
                return [.. _begins];
            }
        }
    }

    public void Dispose()
    {
        GoOn.TrySetResult();
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // closed
            }

            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        int begin = context.Request.Headers["Range"] is string range
            ? int.Parse(range.Split('=', '-')[1], System.Globalization.CultureInfo.InvariantCulture)
            : 0;
        lock (_lock)
        {
            _begins.Add(begin);
        }

        try
        {
            context.Response.ContentLength64 = _content.Length - begin;
            if (begin > 0)
            {
                context.Response.StatusCode = (int)HttpStatusCode.PartialContent;
                context.Response.Headers["Content-Range"] = $"bytes {begin}-{_content.Length - 1}/{_content.Length}";
            }

            int first = Math.Clamp(StallsAt - begin, 0, _content.Length - begin);
            await context.Response.OutputStream.WriteAsync(_content.AsMemory(begin, first));
            await context.Response.OutputStream.FlushAsync();
            if (begin + first < _content.Length)
            {
                await GoOn.Task;
                await context.Response.OutputStream.WriteAsync(_content.AsMemory(begin + first));
            }

            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client was killed: that is what the tests are about.
        }
    }
}

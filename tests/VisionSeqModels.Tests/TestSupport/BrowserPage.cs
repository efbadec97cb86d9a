using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace VisionSeqModels.Tests;

/// <summary>A page in a headless Chromium that a test talks to, by its DevTools protocol.</summary>
internal sealed class BrowserPage : IDisposable
{
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private int _number;

    private BrowserPage(Process process) => _process = process;

    /// <summary>Opens an address, and waits until it has loaded.</summary>
    public static async Task<BrowserPage> Open(Uri address, string profile)
    {
        string[] arguments =
        [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--remote-debugging-port=0",
            "--remote-allow-origins=*",
            $"--user-data-dir={profile}",
            "--window-size=1280,900",
            address.AbsoluteUri,
        ];
        var page = new BrowserPage(
            Process.Start(new ProcessStartInfo(Browser.Path!, arguments) { RedirectStandardError = true })!
        );
        try
        {
            await page.Connect(address);
            const string isThere = "location.href !== 'about:blank' && document.readyState === 'complete'";
            while (!(bool)(await page.Evaluate(isThere))!) // the first document of a browser is an empty one
            {
                await Task.Delay(20);
            }

            return page;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    /// <summary>Computes an expression in the page; a promise is awaited.</summary>
    public async Task<JsonNode?> Evaluate(string expression)
    {
        var message = new JsonObject
        {
            ["id"] = ++_number,
            ["method"] = "Runtime.evaluate",
            ["params"] = new JsonObject
            {
                ["expression"] = expression,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            },
        };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, default);
        while (true)
        {
            var answer = JsonNode.Parse(await Receive())!;
            if ((int?)answer["id"] == _number)
            {
                Assert.True(answer["result"]!["exceptionDetails"] is null, answer.ToJsonString());
                return answer["result"]!["result"]!["value"]?.DeepClone();
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task Connect(Uri address)
    {
        string? line = "";
        while (line is not null && !line.StartsWith("DevTools listening on ", StringComparison.Ordinal))
        {
            line = await _process.StandardError.ReadLineAsync();
        }

        _ = _process.StandardError.ReadToEndAsync();
        var devTools = new Uri(line!["DevTools listening on ".Length..]);
        using var client = new HttpClient();
        JsonNode? target = null;
        for (int attempt = 0; attempt < 100 && target is null; attempt++)
        {
            string list = await client.GetStringAsync(new Uri($"http://{devTools.Authority}/json/list"));
            target = JsonNode
                .Parse(list)!
                .AsArray()
                .FirstOrDefault(each =>
                    ((string?)each!["url"])?.StartsWith(address.AbsoluteUri, StringComparison.Ordinal) == true
                );
            await Task.Delay(100);
        }

        await _socket.ConnectAsync(new Uri((string)target!["webSocketDebuggerUrl"]!), default);
    }

    private async Task<string> Receive()
    {
        using var all = new MemoryStream();
        byte[] part = new byte[65_536];
        WebSocketReceiveResult result;
        do
        {
            result = await _socket.ReceiveAsync(part, default);
            all.Write(part, 0, result.Count);
        } while (!result.EndOfMessage);
        return Encoding.UTF8.GetString(all.ToArray());
    }
}

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Inference;

/// <summary>samples/Serve as a process of its own, on a free port of this machine.</summary>
internal sealed partial class ServedModel : IDisposable
{
    private readonly Process _process;

    private ServedModel(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Assembly =>
        Path.Combine(Repository.Root, "samples", "Serve", "bin", Configuration, "net10.0", "Serve.dll");

    public static ServedModel Start(string model, params string[] flags)
    {
        var process = Run(["--model", model, "--url", "http://127.0.0.1:0", .. flags]);
        var errors = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is string line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new ServedModel(process, new Uri(match.Groups[1].Value));
            }
        }

        process.WaitForExit();
        throw new InvalidOperationException($"Serve ended with {process.ExitCode}: {errors.Result}");
    }

    /// <summary>Runs Serve to its end.</summary>
    public static (int ExitCode, string Output, string Error) Finish(params string[] arguments)
    {
        using var process = Run(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    public async Task<HttpResponseMessage> Post(byte[] body, string type = "image/png")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = type.Length == 0 ? null : new MediaTypeHeaderValue(type);
        return await Client.PostAsync(new Uri("classify", UriKind.Relative), content);
    }

    /// <summary>The probability of each label.</summary>
    public async Task<Dictionary<string, double>> Classify(byte[] body)
    {
        using var response = await Post(body);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["labels"]!
            .AsArray()
            .ToDictionary(label => (string)label!["label"]!, label => (double)label!["probability"]!);
    }

    /// <summary>Asks it to stop, as a service manager does, and waits.</summary>
    public int Stop()
    {
        Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();
        Assert.True(_process.WaitForExit(TimeSpan.FromSeconds(30)), "Serve did not stop");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static Process Run(IEnumerable<string> arguments) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [Assembly, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;

    [GeneratedRegex(@"Now listening on: (http\S+)")]
    private static partial Regex Listening();
}

using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Studies;

/// <summary>A browser without a window, where one is installed.</summary>
internal static partial class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.SelectMany(name => new[] { Path.Combine(folder, name), Path.Combine(folder, name + ".exe") })).FirstOrDefault(File.Exists);

    /// <summary>Opens a copy of a page at a width, with a frame around it such that the width is the page's own, and gives what a script that runs at its end returns.</summary>
    /// <param name="path">The page.</param>
    /// <param name="width">Its width in pixels of CSS.</param>
    /// <param name="script">The body of a function that returns an object.</param>
    public static JsonObject Look(string path, int width, string script)
    {
        string page = File.ReadAllText(path).Replace("<head>", "<head><script>window.faults = []; window.addEventListener('error', e => window.faults.push(e.message));</script>", StringComparison.Ordinal)
            .Replace("</body>", $"<script>window.addEventListener('load', () => {{ const found = (() => {{ {script} }})(); found.faults = window.faults; parent.postMessage(JSON.stringify(found), '*'); }});</script></body>", StringComparison.Ordinal);
        string copy = Path.ChangeExtension(path, $".{width}.html"), frame = Path.ChangeExtension(path, $".{width}.frame.html");
        File.WriteAllText(copy, page);
        File.WriteAllText(frame, $"<!DOCTYPE html><iframe src=\"{Path.GetFileName(copy)}\" width=\"{width}\" height=\"800\"></iframe><pre id=\"found\"></pre><script>window.addEventListener('message', e => document.getElementById('found').textContent = 'FOUND' + e.data + 'END');</script>");
        var found = Found().Match(Dump(frame));
        return found.Success ? JsonNode.Parse(System.Net.WebUtility.HtmlDecode(found.Groups[1].Value))!.AsObject() : throw new InvalidOperationException("The page's script said nothing.");
    }

    private static string Dump(string path)
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string profile = Path.Combine(Path.GetDirectoryName(path)!, "profile");
        foreach (string argument in new[] { "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", $"--user-data-dir={profile}", "--virtual-time-budget=10000", "--dump-dom", new Uri(path).AbsoluteUri })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? dom : throw new InvalidOperationException($"The browser failed: {errors.Result}");
    }

    [GeneratedRegex("FOUND(.*?)END", RegexOptions.Singleline)]
    private static partial Regex Found();
}

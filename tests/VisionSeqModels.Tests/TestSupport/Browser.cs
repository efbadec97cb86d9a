using System.Diagnostics;

namespace VisionSeqModels.Tests;

/// <summary>A headless Chromium, where there is one on PATH.</summary>
internal static class Browser
{
    private static readonly string[] Names =
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "msedge",
    ];

    public static string? Path { get; } = Find();

    /// <summary>Opens a page and gives the document as it is when its scripts have run.</summary>
    public static string Open(string file, string profile)
    {
        string[] arguments =
        [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-extensions",
            $"--user-data-dir={profile}",
            "--window-size=1400,900",
            "--virtual-time-budget=10000",
            "--dump-dom",
            new Uri(file).AbsoluteUri,
        ];
        using var process = Process.Start(
            new ProcessStartInfo(Path!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
        }

        string document = output.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{Path} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}");
        return document;
    }

    /// <summary>A document that shows <c>page.html</c> beside it in a frame, and the message that the page posts in the element
    /// <c>found</c>. A window is at least 500 pixels wide; a frame is as wide as it should be.</summary>
    public static string Frame(int width) =>
        $"<iframe src=\"page.html\" style=\"width: {width}px; height: 800px; border: 0\"></iframe><pre "
        + "id=\"found\"></pre><script>addEventListener('message', e => document.getElementById('found').textContent = "
        + "e.data)</script>";

    private static string? Find()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            System.IO.Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        string ending = OperatingSystem.IsWindows() ? ".exe" : "";
        return Names
            .SelectMany(name => folders.Select(folder => System.IO.Path.Combine(folder, name + ending)))
            .FirstOrDefault(File.Exists);
    }
}

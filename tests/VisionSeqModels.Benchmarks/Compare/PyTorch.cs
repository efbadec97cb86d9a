using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>The scripts in the folder pytorch, run by Debian's Python where PyTorch is installed, or by the one that the variable
/// VISIONSEQ_PYTHON names; a process each time.</summary>
internal static class PyTorch
{
    private static readonly string Python = Environment.GetEnvironmentVariable("VISIONSEQ_PYTHON") ?? "/usr/bin/python3";

    private static readonly Lazy<string?> Installed = new(() =>
        File.Exists(Python) && Start("-c", "import torch; print(torch.__version__)") is string version ? version.Trim() : null
    );

    /// <summary>PyTorch's version; null where it is not there.</summary>
    public static string? Version => Installed.Value;

    /// <summary>Runs train.py and gives its last line: the last epoch.</summary>
    public static JsonElement Train(params string[] arguments) => Lines("train.py", arguments)[^1];

    /// <summary>Runs a script and gives its lines: the epochs.</summary>
    public static IReadOnlyList<JsonElement> Lines(string script, params string[] arguments)
    {
        string output =
            Start([Path.Combine(AppContext.BaseDirectory, "pytorch", script), .. arguments])
            ?? throw new InvalidOperationException(
                $"{Python} failed with {string.Join(' ', arguments)}; what it said stands above."
            );
        return [.. output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>The images as the script reads them with --raw.</summary>
    public static void Write(ImageDataset data, string folder)
    {
        Directory.CreateDirectory(folder);
        using (var pixels = File.Create(Path.Combine(folder, "pixels.bin")))
        {
            pixels.Write(data.Pixels.bytes);
        }

        File.WriteAllBytes(
            Path.Combine(folder, "labels.bin"),
            Array.ConvertAll(data.Labels.data<long>().ToArray(), label => (byte)label)
        );
        var about = new
        {
            shape = new[] { data.Channels, data.Height, data.Width },
            mean = data.Normalization.Mean,
            deviation = data.Normalization.StandardDeviation,
        };
        File.WriteAllText(Path.Combine(folder, "about.json"), JsonSerializer.Serialize(about));
    }

    /// <summary>How to start a script.</summary>
    public static ProcessStartInfo StartInfo(string script, params string[] arguments) =>
        new(Python, [Path.Combine(AppContext.BaseDirectory, "pytorch", script), .. arguments]);

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Start(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : null;
    }
}

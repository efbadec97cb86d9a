using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VisionSeqModels.Checkpoints;
using VisionSeqModels.Drawing;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Tests.Faults;

/// <summary>What a folder holds, without times and without what tells how often a run was resumed.</summary>
internal static class FolderResult
{
    private static readonly string[] Varying =
    [
        "time",
        "started",
        "started_at",
        "seconds",
        "epoch_seconds",
        "samples_per_second",
        "resumes",
        "warnings",
        "claims",
        "written",
    ];

    /// <summary>A line for each file: its name and what is in it.</summary>
    public static IReadOnlyList<string> Of(string folder) =>
        [
            .. Files(folder)
                .Where(file => !file.EndsWith("previous.state.safetensors", StringComparison.Ordinal))
                .Select(file =>
                    file.Contains("tfevents", StringComparison.Ordinal)
                        ? Path.GetDirectoryName(file)!.Replace('\\', '/') + "/tfevents"
                        : $"{file} {FileSum(Path.Combine(folder, file))}"
                )
                .Distinct(),
        ];

    /// <summary>The files that are neither whole nor of a kind that grows at its end.</summary>
    public static IEnumerable<string> HalfFiles(string folder)
    {
        foreach (string file in Files(folder))
        {
            string path = Path.Combine(folder, file);
            bool isWhole = true;
            try
            {
                isWhole = IsWhole(path);
            }
            catch (Exception e) when (e is InvalidDataException or JsonException or IOException)
            {
                isWhole = false;
            }

            if (!isWhole)
            {
                yield return FormattableString.Invariant($"{file} is not whole ({new FileInfo(path).Length} bytes)");
            }
        }
    }

    /// <summary>Reads a JSON file without what varies.</summary>
    public static string Json(string text)
    {
        var node = JsonNode.Parse(text)!;
        RemoveVarying(node);
        return node.ToJsonString();
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal) && Path.GetFileName(file) != ".lock")
            .Order(StringComparer.Ordinal);

    private static bool IsWhole(string path)
    {
        switch (Path.GetExtension(path))
        {
            case ".safetensors":
                using (var content = Safetensors.Read(path))
                {
                    return content.Tensors.Count > 0;
                }

            case ".json":
                return JsonNode.Parse(File.ReadAllText(path)) is not null;
            case ".png":
                return Picture.OfPng(File.ReadAllBytes(path)) is not null;
            case ".csv" or ".md":
                return File.ReadAllText(path).EndsWith('\n');
            case ".html":
                return File.ReadAllText(path).TrimEnd().EndsWith("</html>", StringComparison.Ordinal);
            default:
                return true;
        }
    }

    private static string FileSum(string path)
    {
        string name = Path.GetFileName(path);
        return name switch
        {
            "last.state.safetensors" => StateSum(Path.GetDirectoryName(Path.GetDirectoryName(path)!)!),
            "metrics.csv" => Sum(string.Join('\n', File.ReadLines(path).Select(row => string.Join(',', row.Split(',')[..^2])))),
            "events.jsonl" => Sum(string.Join('\n', Events(path))),
            _ when Path.GetExtension(name) == ".json" => Sum(Json(File.ReadAllText(path))),
            _ when Path.GetExtension(name) is ".html" or ".md" => "is there", // with times in many places
            _ => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16],
        };
    }

    /// <summary>Steps and epochs; the other lines tell of resumes.</summary>
    private static IEnumerable<string> Events(string path) =>
        File.ReadLines(path)
            .Select(line => JsonNode.Parse(line)!)
            .Where(line => (string?)line["event"] is "step" or "epoch")
            .Select(line => Json(line.ToJsonString()));

    private static string StateSum(string run)
    {
        using var state = new StateFile(run).Read();
        var text = new StringBuilder();
        text.Append(state.State.Epoch).Append(' ').Append(state.State.StepInEpoch).Append(' ').Append(state.State.Step);
        foreach (var (key, values) in state.State.Callbacks.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append(key).AppendJoin(';', values.Select(value => value.ToString()));
        }

        foreach (var (name, tensor) in state.Tensors("").OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(Convert.ToHexString(SHA256.HashData(tensor.bytes)));
        }

        return Sum(text.ToString());
    }

    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static void RemoveVarying(JsonNode? node)
    {
        if (node is JsonObject entries)
        {
            foreach (var (name, value) in entries.ToList())
            {
                if (Varying.Contains(name))
                {
                    entries.Remove(name);
                }
                else
                {
                    RemoveVarying(value);
                }
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                RemoveVarying(item);
            }
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VisionSeqModels.DocsMake;

/// <summary>The list of illustrations, their stamps, and the hash that tells whether one is stale.</summary>
internal static class IllustrationFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static IReadOnlyList<Illustration> Illustrations(string root) =>
        Read<List<Illustration>>(root, "illustrations.json") ?? [];

    public static SortedDictionary<string, Stamp> Stamps(string root) =>
        Read<SortedDictionary<string, Stamp>>(root, "stamps.json") ?? [];

    public static void WriteStamps(string root, SortedDictionary<string, Stamp> stamps) =>
        File.WriteAllText(PathOf(root, "stamps.json"), JsonSerializer.Serialize(stamps, Json).ReplaceLineEndings("\n") + "\n");

    /// <summary>A hash of names and texts of the files that an illustration measures, the same on every system.</summary>
    /// <exception cref="InvalidOperationException">A path names no file or folder.</exception>
    public static string Hash(string root, IEnumerable<string> measures)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in measures.SelectMany(path => Files(root, path)).Distinct().Order(StringComparer.Ordinal))
        {
            string text = File.ReadAllText(Path.Combine(root, file)).ReplaceLineEndings("\n");
            hash.AppendData(Encoding.UTF8.GetBytes($"{file}\n{text}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static IEnumerable<string> Files(string root, string path)
    {
        string full = Path.Combine(root, path);
        if (File.Exists(full))
        {
            return [path];
        }

        return Directory.Exists(full)
            ? Directory
                .GetFiles(full, "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
            : throw new InvalidOperationException($"docs/make/illustrations.json names '{path}', which is not there.");
    }

    private static T? Read<T>(string root, string name) =>
        File.Exists(PathOf(root, name)) ? JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(root, name)), Json) : default;

    private static string PathOf(string root, string name) => Path.Combine(root, "docs", "make", name);
}

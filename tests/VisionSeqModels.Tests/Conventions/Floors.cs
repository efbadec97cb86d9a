using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Conventions;

/// <summary>The floors of the library and the types that lie on each, as the folders of the sources say.</summary>
internal static partial class Floors
{
    /// <summary>From the ground floor up. A floor uses those before it, never those behind it.</summary>
    public static readonly string[] FromTheGroundUp =
    [
        "Core",
        "Torch",
        "Kernels",
        "Data",
        "Models",
        "Metrics",
        "Optimization",
        "Checkpoints",
        "Drawing",
        "TensorBoard",
        "Runs",
        "Training",
        "Inference",
        "Visualization",
        "Callbacks",
        "Studies",
    ];

    private static readonly string Library = Path.Combine(Repository.Root, "src", "VisionSeqModels");

    /// <summary>The folders of the library's sources that are no floor.</summary>
    public static IEnumerable<string> StrayFolders =>
        Directory
            .EnumerateDirectories(Library)
            .Select(path => Path.GetFileName(path))
            .Except([.. FromTheGroundUp, "bin", "obj", "buildTransitive"]);

    /// <summary>For each type of the sources, by its name without namespace and generic arity, the source file.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } =
        FromTheGroundUp
            .SelectMany(floor => Directory.EnumerateFiles(Path.Combine(Library, floor), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => (match.Groups[1].Value, file)))
            .GroupBy(entry => entry.Value, entry => entry.file, StringComparer.Ordinal)
            .ToDictionary(entries => entries.Key, entries => entries.First(), StringComparer.Ordinal);

    /// <summary>The floor that a type's source file lies on.</summary>
    public static string Of(string type) =>
        Files.TryGetValue(type, out var file)
            ? Path.GetRelativePath(Library, file).Split(Path.DirectorySeparatorChar)[0]
            : throw new InvalidOperationException($"No source file on a floor declares the type {type}.");

    public static int Height(string floor) => Array.IndexOf(FromTheGroundUp, floor);

    // A declaration that begins in the first column: a type of the file's namespace.
    [GeneratedRegex(
        @"^(?:public|internal)\s[^=(;{\r\n]*?\b(?:class|record struct|record|struct|enum|interface|delegate\s+\S+)\s+(\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex Declaration();
}

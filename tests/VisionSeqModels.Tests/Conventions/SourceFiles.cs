namespace VisionSeqModels.Tests.Conventions;

/// <summary>The text files of the repository that people write: sources, build files and pages.</summary>
internal static class SourceFiles
{
    private static readonly string[] Kinds = [".cs", ".md", ".csproj", ".props", ".targets", ".json", ".yml"];
    private static readonly string[] LeftOut = ["bin", "obj", "TestData", ".git", ".vs", "TestResults", "artifacts"];

    /// <summary>The files below a folder of the repository; of the root itself alone.</summary>
    /// <returns>Paths relative to the repository, with forward slashes.</returns>
    public static IEnumerable<string> In(string folder)
    {
        var search = folder == "." ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories;
        return Directory
            .EnumerateFiles(Path.Combine(Repository.Root, folder), "*", search)
            .Where(path => Kinds.Contains(Path.GetExtension(path)))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(LeftOut.Contains))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>The lines of a file, each with its place.</summary>
    public static IEnumerable<(string Place, string Text)> Lines(string file) =>
        File.ReadLines(Path.Combine(Repository.Root, file)).Select((text, i) => ($"{file}:{i + 1}", text));
}

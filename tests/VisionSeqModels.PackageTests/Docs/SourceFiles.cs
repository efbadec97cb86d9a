namespace VisionSeqModels.Tests.Docs;

/// <summary>The C# files of the repository, without what builds make.</summary>
internal static class SourceFiles
{
    private static readonly string[] Folders = ["src", "tests", "samples", "build"];

    /// <summary>Each file's path from the repository's root, with '/', and its text.</summary>
    public static IReadOnlyList<(string Name, string Text)> All { get; } =
    [
        .. Folders
            .SelectMany(folder =>
                Directory.GetFiles(Path.Combine(PackedLibrary.Repository, folder), "*.cs", SearchOption.AllDirectories)
            )
            .Select(path => (Name: Path.GetRelativePath(PackedLibrary.Repository, path).Replace('\\', '/'), Path: path))
            .Where(file => !file.Name.Split('/').Any(part => part is "bin" or "obj"))
            .Select(file => (file.Name, File.ReadAllText(file.Path))),
    ];
}

namespace VisionSeqModels.Data;

/// <summary>Copies of a data set that are there in a form that is not read: other versions, archives, other places. A message
/// that says only "not found" would be wrong.</summary>
/// <param name="subfolders">Where the set is looked for, below the folder that a user names.</param>
internal sealed class LocalCopies(IReadOnlyList<string> subfolders)
{
    private static readonly string[] Endings = [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".7z", ".bin.gz"];

    /// <summary>Paths, below one of the folders, that mean another version, and the name of that version.</summary>
    public IReadOnlyDictionary<string, string> OtherVersions { get; init; } = new Dictionary<string, string>();

    /// <summary>How to get the version that is read.</summary>
    public string Wanted { get; init; } = "";

    /// <summary>Says what lies in the wrong place below a folder; null for nothing.</summary>
    public Func<string, string?> Misplaced { get; init; } = _ => null;

    /// <summary>Unpacks an archive that the folder has, and returns whether it did.</summary>
    public Func<string, bool> Unpack { get; init; } = _ => false;

    /// <summary>What is there and what to do with it, in sentences; null for nothing.</summary>
    public string? Describe(string root)
    {
        var folders = subfolders.Prepend("").Distinct().Select(folder => Path.Combine(root, folder)).ToList();
        var other = (
            from folder in folders
            from version in OtherVersions
            let path = Path.Combine(folder, version.Key)
            where Path.Exists(path)
            select (Path: path, version.Value)
        ).FirstOrDefault();
        return other.Path is not null ? $"But '{other.Path}' is there, which is {other.Value}. {Wanted}"
            : Misplaced(root) is string misplaced ? $"But {misplaced}"
            : Archive(folders) is string archive ? $"But '{archive}' is there, which may hold it. Unpack it in its folder."
            : null;
    }

    private static string? Archive(IEnumerable<string> folders) =>
        folders
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            .FirstOrDefault(file => Endings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));
}

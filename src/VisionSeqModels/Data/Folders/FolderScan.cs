namespace VisionSeqModels.Data;

/// <summary>Lists the files of class folders, at any depth. Links are followed; hidden files are left out.</summary>
/// <param name="root">The folder that is loaded; paths are relative to it.</param>
internal sealed class FolderScan(string root)
{
    private const int DeepestFolder = 32;

    private static readonly HashSet<string> SystemNames = new(
        ["thumbs.db", "desktop.ini", "__macosx"],
        StringComparer.OrdinalIgnoreCase
    );

    private readonly List<SkippedFile> _faults = [];

    /// <summary>Folders and links that cannot be followed.</summary>
    public IReadOnlyList<SkippedFile> Faults => _faults;

    /// <summary>The visible folders in a folder, ordered.</summary>
    /// <exception cref="DatasetFormatException">It cannot be listed.</exception>
    public static List<DirectoryInfo> Folders(string path) =>
        [
            .. Listed(path, folder => folder.GetDirectories())
                .Where(IsVisible)
                .OrderBy(entry => entry.Name, StringComparer.Ordinal),
        ];

    /// <summary>The visible files directly in a folder, ordered.</summary>
    /// <exception cref="DatasetFormatException">It cannot be listed.</exception>
    public static List<FileInfo> Files(string path) =>
        [.. Listed(path, folder => folder.GetFiles()).Where(IsVisible).OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    /// <summary>The files of a class folder, ordered by their paths.</summary>
    public List<FolderFile> FilesOf(DirectoryInfo folder, string className)
    {
        var files = new List<FolderFile>();
        Add(folder, className, [Real(folder)], files);
        return [.. files.OrderBy(file => file.Relative, StringComparer.Ordinal)];
    }

    private static IEnumerable<T> Listed<T>(string path, Func<DirectoryInfo, IEnumerable<T>> list)
    {
        try
        {
            return list(new DirectoryInfo(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetFormatException(path, "cannot be listed: " + e.Message, e, "Give the permission to read it.");
        }
    }

    private void Add(DirectoryInfo folder, string className, List<string> above, List<FolderFile> files)
    {
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos().Where(IsVisible))
            {
                if (entry is DirectoryInfo inner)
                {
                    AddFolder(inner, className, above, files);
                }
                else
                {
                    AddFile((FileInfo)entry, className, files);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _faults.Add(new SkippedFile(Relative(folder.FullName), $"cannot be listed ({e.Message.TrimEnd('.')})"));
        }
    }

    private void AddFolder(DirectoryInfo folder, string className, List<string> above, List<FolderFile> files)
    {
        string real = folder.LinkTarget is null ? Path.Combine(above[^1], folder.Name) : Real(folder);
        if (above.Exists(path => path == real || path.StartsWith(real + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            _faults.Add(new SkippedFile(Relative(folder.FullName), "is a link to a folder that it lies in"));
        }
        else if (above.Count >= DeepestFolder)
        {
            _faults.Add(new SkippedFile(Relative(folder.FullName), $"lies more than {DeepestFolder} folders deep"));
        }
        else
        {
            Add(folder, className, [.. above, real], files);
        }
    }

    private void AddFile(FileInfo file, string className, List<FolderFile> files)
    {
        var target = file.LinkTarget is null ? file : Target(file);
        if (target?.Exists != true)
        {
            _faults.Add(new SkippedFile(Relative(file.FullName), "is a link to nothing"));
            return;
        }

        files.Add(new FolderFile(file.FullName, Relative(file.FullName), className, target.Length, target.LastWriteTimeUtc));
    }

    private string Relative(string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static FileInfo? Target(FileInfo file)
    {
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        }
        catch (IOException)
        {
            return null; // links that lead in a circle
        }
    }

    /// <summary>The folder's path without links.</summary>
    private static string Real(DirectoryInfo folder)
    {
        if (folder.Parent is null)
        {
            return folder.FullName;
        }

        var here = new DirectoryInfo(Path.Combine(Real(folder.Parent), folder.Name));
        return here.LinkTarget is null ? here.FullName : Real((DirectoryInfo)here.ResolveLinkTarget(returnFinalTarget: true)!);
    }

    private static bool IsVisible(FileSystemInfo entry) =>
        !entry.Name.StartsWith('.')
        && !SystemNames.Contains(entry.Name)
        && (!OperatingSystem.IsWindows() || (entry.Attributes & (FileAttributes.Hidden | FileAttributes.System)) == 0);
}

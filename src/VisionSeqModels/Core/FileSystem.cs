namespace VisionSeqModels.Core;

/// <summary>The one door to the disk: whatever the library writes, renames, deletes, lists or locks goes through here, and so
/// does the reading of what it wrote itself.</summary>
/// <remarks>A test holds that no other type changes files. Tests put another file system in its place, which remembers what was
/// flushed and fails where they want it to (docs/reliability.md).</remarks>
internal class FileSystem
{
    private static readonly FileSystem Disk = new();

    /// <summary>Tests put another file system here; null otherwise. It belongs to one flow of calls.</summary>
    internal static AsyncLocal<FileSystem?> Instead { get; } = new();

    /// <summary>The disk, or what a test has put in its place.</summary>
    public static FileSystem Current => Instead.Value ?? Disk;

    /// <summary>Opens a file.</summary>
    public virtual Stream Open(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 4096) =>
        new FileStream(path, mode, access, share, bufferSize);

    /// <summary>Opens a file for reading; others may write, rename and delete it meanwhile.</summary>
    public Stream OpenRead(string path) => Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Opens a file that is there, to read it or map it into memory.</summary>
    public static FileStream OpenToMap(string path, int bufferSize, FileOptions options) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize, options);

    /// <summary>Brings a file's content to the disk.</summary>
    /// <param name="stream">What <see cref="Open"/> gave.</param>
    public virtual void Flush(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    /// <summary>Brings a folder's entries to the disk.</summary>
    /// <returns>Whether the system said that it did: not every one can.</returns>
    public virtual bool FlushFolder(string path) => FolderFlush.Flush(path);

    /// <summary>Renames a file; one that has the name already is replaced.</summary>
    public virtual void Rename(string path, string target) => File.Move(path, target, overwrite: true);

    /// <summary>Renames a folder.</summary>
    /// <exception cref="IOException">Something has the name already.</exception>
    public virtual void RenameFolder(string path, string target) => Directory.Move(path, target);

    /// <summary>Deletes a file, if it is there.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Deletes a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="recursive">With all that is in it; else it must be empty.</param>
    public virtual void DeleteFolder(string path, bool recursive) => Directory.Delete(path, recursive);

    /// <summary>Creates a folder, and those above it that are missing; each new one outlives a power cut.</summary>
    public void CreateFolder(string path)
    {
        string full = Path.GetFullPath(path);
        var missing = new Stack<string>();
        for (string? folder = full; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Push(folder);
        }

        foreach (string folder in missing)
        {
            try
            {
                MakeFolder(folder);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                // It was made, and the answer was lost: what counts is that it is there.
            }

            FlushFolder(Path.GetDirectoryName(folder)!);
        }
    }

    /// <summary>Creates a folder in the system's place for what goes soon; only this user may look into it.</summary>
    /// <returns>Its path.</returns>
    public virtual string CreateTemporaryFolder(string prefix) => Directory.CreateTempSubdirectory(prefix).FullName;

    /// <summary>The paths of a folder's files; none where there is no folder.</summary>
    public virtual IReadOnlyList<string> Files(
        string folder,
        string pattern = "*",
        SearchOption depth = SearchOption.TopDirectoryOnly
    ) => Directory.Exists(folder) ? Directory.GetFiles(folder, pattern, depth) : [];

    /// <summary>The paths of the folders in a folder; none where there is no folder.</summary>
    public virtual IReadOnlyList<string> Folders(string folder, string pattern = "*") =>
        Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern) : [];

    /// <summary>Whether a folder has nothing in it, or is not there.</summary>
    public bool IsEmpty(string folder) => Folders(folder).Count == 0 && Files(folder).Count == 0;

    /// <summary>Creates a file that one caller at a time has, of all processes. It is deleted by its disposal, and free again
    /// when
    /// the process ends.</summary>
    /// <exception cref="IOException">Another has it.</exception>
    public virtual IDisposable Lock(string path) =>
        new FileStream(
            path,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None,
            bufferSize: 1,
            FileOptions.DeleteOnClose
        );

    /// <summary>When an open file was last written, by the clock of the machine that keeps it.</summary>
    /// <param name="stream">What <see cref="Open"/> gave.</param>
    public virtual DateTime WrittenAt(Stream stream) => File.GetLastWriteTimeUtc(((FileStream)stream).SafeFileHandle);

    /// <summary>When something was last created, renamed or deleted in a folder.</summary>
    public virtual DateTime FolderWrittenAt(string path) => Directory.GetLastWriteTimeUtc(path);

    public byte[] ReadAllBytes(string path)
    {
        using var stream = OpenRead(path);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A file's text, which is UTF-8 unless it says otherwise.</summary>
    public string ReadAllText(string path)
    {
        using var reader = new StreamReader(OpenRead(path));
        return reader.ReadToEnd();
    }

    /// <summary>A file's lines, read at once.</summary>
    public IReadOnlyList<string> ReadLines(string path)
    {
        using var reader = new StreamReader(OpenRead(path));
        var lines = new List<string>();
        while (reader.ReadLine() is string line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>Creates a folder above which all are there.</summary>
    protected virtual void MakeFolder(string path) => Directory.CreateDirectory(path);
}

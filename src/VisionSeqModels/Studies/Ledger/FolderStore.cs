using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels.Studies;

/// <summary>Logs in a folder that all workers see: local, or on a file server.</summary>
/// <remarks>An entry is a folder that is made whole under another name and then renamed to its number. A folder cannot be renamed
/// to one that is there and not empty, on any system: so each number has one writer. (A file could: <c>File.Move</c> without
/// overwriting looks first and renames then, on Linux and macOS.) Nothing in an entry changes later, but that its files
/// go when newer ones are there. The clock is the file server's: it stamps a file that was written just now.</remarks>
internal sealed class FolderStore : ILedgerStore
{
    private const string EntryFile = "entry.json";
    private const string FilesFolder = "files";
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromDays(1);
    private readonly string _root;
    private readonly string _temporary;

    /// <param name="root">The folder; it is created.</param>
    /// <exception cref="IOException">It cannot be written to.</exception>
    public FolderStore(string root)
    {
        _root = Path.GetFullPath(root);
        _temporary = Path.Combine(_root, "tmp");
        AtomicFile.Explain(
            _root,
            () =>
            {
                FileSystem.Current.CreateFolder(_temporary);
                RemoveLeftovers();
            }
        );
    }

    public string Name => $"the folder '{_root}'";

    public IReadOnlyList<string> Logs(string prefix)
    {
        string parent = Path.Combine(_root, prefix);
        return [.. FileSystem.Current.Folders(parent).Select(path => prefix + Path.GetFileName(path))];
    }

    /// <summary>It lists the folder: a file server's client may remember for a while that a name was not there.</summary>
    public int Length(string log)
    {
        return FileSystem
            .Current.Folders(Path.Combine(_root, log))
            .Select(entry =>
                int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    ? number
                    : 0
            )
            .DefaultIfEmpty()
            .Max();
    }

    public string Entry(string log, int number) => FileSystem.Current.ReadAllText(Path.Combine(FolderOf(log, number), EntryFile));

    public DateTimeOffset TimeOf(string log, int number)
    {
        using var stream = Open(Path.Combine(FolderOf(log, number), EntryFile));
        return FileSystem.Current.WrittenAt(stream);
    }

    public bool TryAppend(string log, int number, string text, IReadOnlyList<TrialFile> files)
    {
        string target = FolderOf(log, number),
            made = Path.Combine(_temporary, Guid.NewGuid().ToString("n"));
        if (Directory.Exists(target))
        {
            return false;
        }

        bool isTaken = false;
        AtomicFile.Explain(
            target,
            () =>
            {
                try
                {
                    Make(made, text, files);
                    FileSystem.Current.CreateFolder(Path.GetDirectoryName(target)!);
                    isTaken = !TryRename(made, target, text);
                }
                finally
                {
                    Remove(made);
                }
            }
        );
        return !isTaken;
    }

    public void Beat(string log, long token, string text)
    {
        using var stream = FileSystem.Current.Open(
            BeatOf(log, token),
            FileMode.Create,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete
        );
        stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }

    public string? LastBeat(string log, long token)
    {
        try
        {
            using var reader = new StreamReader(Open(BeatOf(log, token)));
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public TimeSpan Silence(string log, long token, int length)
    {
        var beat = WrittenAt(BeatOf(log, token));
        var entry = WrittenAt(Path.Combine(FolderOf(log, length), EntryFile));
        return Now() - (beat > entry ? beat.Value : entry ?? DateTime.MaxValue);
    }

    public byte[]? Read(string log, int number, string name)
    {
        try
        {
            using var stream = Open(Path.Combine(FolderOf(log, number), FilesFolder, name));
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Fetch(string log, int number, string folder)
    {
        var files = TrialFiles.Of(Path.Combine(FolderOf(log, number), FilesFolder));
        foreach (var file in files.OrderBy(file => file.Name == RunRecord.FileName))
        {
            TrialFile.Write(folder, file.Name, target => CopyTo(target, file.Path));
        }
    }

    public void Forget(string log, int number) => Remove(Path.Combine(FolderOf(log, number), FilesFolder));

    private static void Make(string made, string text, IReadOnlyList<TrialFile> files)
    {
        foreach (var file in files)
        {
            TrialFile.Write(Path.Combine(made, FilesFolder), file.Name, target => CopyTo(target, file.Path));
        }

        AtomicFile.WriteAllText(Path.Combine(made, EntryFile), text);
    }

    private static void CopyTo(Stream target, string path)
    {
        using var source = Open(path);
        source.CopyTo(target);
    }

    /// <summary>False where the number is taken. A file server may carry a rename out and lose its answer: then the entry that is
    /// there is this one.</summary>
    private static bool TryRename(string made, string target, string text)
    {
        try
        {
            FileSystem.Current.RenameFolder(made, target);
            return FlushedWithItsName(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && Directory.Exists(target))
        {
            bool isOwn = FileSystem.Current.ReadAllText(Path.Combine(target, EntryFile)) == text;
            return isOwn && FlushedWithItsName(target);
        }
    }

    private static bool FlushedWithItsName(string entry)
    {
        FileSystem.Current.FlushFolder(Path.GetDirectoryName(entry)!);
        return true;
    }

    /// <summary>The file server's time.</summary>
    private DateTime Now()
    {
        string path = Path.Combine(_temporary, Guid.NewGuid().ToString("n") + ".clock");
        try
        {
            using (var stream = FileSystem.Current.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read))
            {
                stream.Write("."u8);
            }

            return WrittenAt(path) ?? throw new IOException($"'{path}' vanished as soon as it was written.");
        }
        finally
        {
            FileSystem.Current.Delete(path);
        }
    }

    /// <summary>By an opened file: a file server's client may remember older times of a file that is not opened.</summary>
    private static DateTime? WrittenAt(string path)
    {
        try
        {
            using var stream = Open(path);
            return FileSystem.Current.WrittenAt(stream);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What processes left that were killed while they made an entry.</summary>
    private void RemoveLeftovers()
    {
        var now = Now();
        foreach (string path in FileSystem.Current.Folders(_temporary))
        {
            if (now - FileSystem.Current.FolderWrittenAt(path) <= LeftoverAge)
            {
                continue;
            }

            string gone = $"{path}.gone"; // whole, and not in parts under the hands of a process that only slept
            try
            {
                FileSystem.Current.RenameFolder(path, gone);
                Remove(gone);
            }
            catch (IOException)
            {
                // Another process removes it.
            }
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                FileSystem.Current.DeleteFolder(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody reads in it; it takes room, and nothing else.
        }
    }

    private static Stream Open(string path) => FileSystem.Current.OpenRead(path);

    private string FolderOf(string log, int number) =>
        Path.Combine(_root, log, number.ToString("000000", CultureInfo.InvariantCulture));

    private string BeatOf(string log, long token) =>
        Path.Combine(_root, log, string.Create(CultureInfo.InvariantCulture, $"lease-{token:000000}.json"));
}

using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Studies;

/// <summary>The disk, but for what a test says; for this flow of calls, until it is disposed.</summary>
internal sealed class AlteredDisk : FileSystem, IDisposable
{
    public AlteredDisk() => Instead.Value = this;

    /// <summary>Runs before a folder is deleted.</summary>
    public Action<string>? BeforeDeletion { get; init; }

    /// <summary>Runs before a folder's files are listed.</summary>
    public Action<string>? BeforeFiles { get; init; }

    /// <summary>When an open file was written; null for what the disk says.</summary>
    public Func<FileStream, DateTime>? FileTime { get; init; }

    /// <summary>When a folder was written; null for what the disk says.</summary>
    public Func<string, DateTime>? FolderTime { get; init; }

    /// <summary>The names that files got, in this order.</summary>
    public List<string> Renamed { get; } = [];

    public override void DeleteFolder(string path, bool recursive)
    {
        BeforeDeletion?.Invoke(path);
        base.DeleteFolder(path, recursive);
    }

    public override IReadOnlyList<string> Files(
        string folder,
        string pattern = "*",
        SearchOption depth = SearchOption.TopDirectoryOnly
    )
    {
        BeforeFiles?.Invoke(folder);
        return base.Files(folder, pattern, depth);
    }

    public override void Rename(string path, string target)
    {
        base.Rename(path, target);
        Renamed.Add(Path.GetFileName(target));
    }

    public override DateTime WrittenAt(Stream stream) => FileTime?.Invoke((FileStream)stream) ?? base.WrittenAt(stream);

    public override DateTime FolderWrittenAt(string path) => FolderTime?.Invoke(path) ?? base.FolderWrittenAt(path);

    public void Dispose() => Instead.Value = null;
}

using VisionSeqModels.Core;

namespace VisionSeqModels.Tests;

/// <summary>Until it is disposed, remembers what this flow of calls flushes and renames, by the last part of each
/// path.</summary>
internal sealed class DiskLog : FileSystem, IDisposable
{
    private readonly List<string> _steps = [];

    public DiskLog() => Instead.Value = this;

    public IReadOnlyList<string> Steps => _steps;

    public override void Flush(Stream stream)
    {
        _steps.Add("flush " + Path.GetFileName(((FileStream)stream).Name));
        base.Flush(stream);
    }

    public override bool FlushFolder(string path)
    {
        _steps.Add("flush folder " + Path.GetFileName(path));
        return base.FlushFolder(path);
    }

    public override void Rename(string path, string target)
    {
        _steps.Add("rename to " + Path.GetFileName(target));
        base.Rename(path, target);
    }

    public override void RenameFolder(string path, string target)
    {
        _steps.Add("rename folder to " + Path.GetFileName(target));
        base.RenameFolder(path, target);
    }

    public void Dispose() => Instead.Value = null;
}

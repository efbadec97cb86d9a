using VisionSeqModels.Core;

namespace VisionSeqModels.Tests.Faults;

/// <summary>A disk that knows what would outlive a power cut: contents that were flushed, and entries of folders that were
/// flushed.
/// It counts the library's calls, and one of them may fail.</summary>
/// <remarks>What the system would show lies in a folder of this machine, so that reading needs no simulation.</remarks>
internal class SimulatedDisk : FileSystem, IDisposable
{
    private const string Stray = "stray.tmp.garbage";
    private readonly object _own = new();
    private readonly DiskTree _tree;
    private readonly HashSet<object> _open = [];
    private readonly List<DiskOperation> _operations = [];
    private readonly List<DiskPromise> _promises = [];
    private readonly FileSystem? _before = Instead.Value;

    /// <param name="folder">A folder of this machine; it becomes the image.</param>
    /// <param name="image">What is on the disk, all of it flushed.</param>
    public SimulatedDisk(string folder, DiskImage image)
    {
        Root = Path.GetFullPath(folder);
        image.WriteTo(Root);
        _tree = new DiskTree(image);
        Pass(TimeSpan.FromDays(2));
        Instead.Value = this;
    }

    public string Root { get; }

    public (DiskOperation Operation, DiskFault Fault)? Planned { get; init; }

    public bool HasFailed { get; private set; }

    /// <summary>Called before each call (false), and in the middle of those that have one (true).</summary>
    public Action<DiskOperation, bool>? Watch { get; init; }

    /// <summary>Why the planned call was not met: the run is not the one that it was planned for. Null where it was.</summary>
    public string? Difference { get; private set; }

    public IReadOnlyList<DiskOperation> Operations => _operations;

    public IReadOnlyList<DiskPromise> Promises => _promises;

    /// <summary>The names of the files that are open, and locks that are held.</summary>
    public IReadOnlyList<string> StillOpen => [.. _open.Select(one => one is SimulatedStream file ? file.Name : "a lock")];

    /// <summary>The disk as it is found after a power cut now.</summary>
    public DiskImage Image(PowerCut cut, int seed = 0)
    {
        lock (_own)
        {
            return DiskImage.Of(_tree.Root, cut, seed);
        }
    }

    /// <summary>From now on this must be found on the disk, whatever happens.</summary>
    public void Promise(string what, Func<string, bool> holds)
    {
        lock (_own)
        {
            _promises.Add(new DiskPromise(what, holds));
        }
    }

    public void Pass(TimeSpan time) => _tree.Now += time;

    public void Dispose() => Instead.Value = _before;

    public override Stream Open(string path, FileMode mode, FileAccess access, FileShare share, int bufferSize = 4096)
    {
        if (!IsOwn(path, out string name))
        {
            return base.Open(path, mode, access, share, bufferSize);
        }

        SimulatedStream? stream = null;
        bool reads = access == FileAccess.Read;
        var fault = Call(
            reads ? DiskCall.OpenToRead : DiskCall.Open,
            name,
            [
                () =>
                {
                    var real = new FileStream(path, mode, access, share, bufferSize: 0);
                    var node = _tree.Touch(name, mode == FileMode.Create);
                    stream = new SimulatedStream(this, name, node, real, Math.Max(bufferSize, 1));
                    _open.Add(stream);
                },
            ],
            release: () => Closed(stream!)
        );
        stream!.Spoil(fault);
        return stream;
    }

    public override void Flush(Stream stream)
    {
        if (stream is not SimulatedStream file)
        {
            base.Flush(stream);
            return;
        }

        file.Flush();
        Call(DiskCall.Flush, file.Name, [() => FlushContent(file.Node)]);
    }

    public override bool FlushFolder(string path)
    {
        if (!IsOwn(path, out string name))
        {
            return true;
        }

        // The result says so, not an exception.
        return Call(DiskCall.FlushFolder, name, [() => FlushEntries((FolderNode)_tree.Find(name)!)]) == DiskFault.None;
    }

    public override void Rename(string path, string target) =>
        Move(DiskCall.Rename, path, target, () => File.Move(path, target, overwrite: true));

    public override void RenameFolder(string path, string target) =>
        Move(DiskCall.RenameFolder, path, target, () => Directory.Move(path, target));

    public override void Delete(string path)
    {
        if (!IsOwn(path, out string name))
        {
            base.Delete(path);
            return;
        }

        Call(
            DiskCall.Delete,
            name,
            [
                () =>
                {
                    File.Delete(path);
                    _tree.Remove(name);
                },
            ]
        );
    }

    public override void DeleteFolder(string path, bool recursive)
    {
        if (!IsOwn(path, out string name))
        {
            base.DeleteFolder(path, recursive);
            return;
        }

        Call(DiskCall.DeleteFolder, name, [() => DeleteHalf(path, recursive), () => DeleteAll(path, name, recursive)]);
    }

    public override IReadOnlyList<string> Files(
        string folder,
        string pattern = "*",
        SearchOption depth = SearchOption.TopDirectoryOnly
    ) => List(folder, () => base.Files(folder, pattern, depth));

    public override IReadOnlyList<string> Folders(string folder, string pattern = "*") =>
        List(folder, () => base.Folders(folder, pattern));

    public override IDisposable Lock(string path)
    {
        if (!IsOwn(path, out string name))
        {
            return base.Lock(path);
        }

        IDisposable? real = null;
        Call(
            DiskCall.Lock,
            name,
            [
                () =>
                {
                    real = base.Lock(path);
                    _tree.Touch(name, isNew: false);
                },
            ],
            release: () => real!.Dispose()
        );
        var held = new Held(one => Release(one, name, real!));
        _open.Add(held);
        return held;
    }

    public override DateTime WrittenAt(Stream stream) =>
        stream is SimulatedStream file ? file.Node.WrittenAt : base.WrittenAt(stream);

    public override DateTime FolderWrittenAt(string path) =>
        IsOwn(path, out string name) ? _tree.Find(name)?.WrittenAt ?? default : base.FolderWrittenAt(path);

    internal void Write(SimulatedStream file, byte[] bytes)
    {
        int half = bytes.Length / 2;
        Call(DiskCall.Write, file.Name, [() => Put(file, bytes.AsSpan(0, half)), () => Put(file, bytes.AsSpan(half))]);
    }

    internal void SetLength(SimulatedStream file, long length) =>
        Call(
            DiskCall.Write,
            file.Name,
            [
                () => { },
                () =>
                {
                    file.Real.SetLength(length);
                    file.Node.SetLength(length);
                },
            ]
        );

    internal void Read(SimulatedStream file) => Call(DiskCall.Read, file.Name, [() => { }]);

    internal void Closed(SimulatedStream file)
    {
        lock (_own)
        {
            _open.Remove(file);
            file.Real.Dispose();
        }
    }

    protected override void MakeFolder(string path)
    {
        if (!IsOwn(path, out string name))
        {
            base.MakeFolder(path);
            return;
        }

        Call(
            DiskCall.MakeFolder,
            name,
            [
                () =>
                {
                    base.MakeFolder(path);
                    _tree.AddFolder(name);
                },
            ]
        );
    }

    /// <summary>Called before each call, without a lock.</summary>
    protected virtual void Before(DiskCall call) { }

    /// <summary>A content is on the disk.</summary>
    protected virtual void FlushContent(FileNode file) => file.Flush();

    /// <summary>A folder's entries are on the disk.</summary>
    protected virtual void FlushEntries(FolderNode folder) => folder.Flush();

    /// <summary>Does a call, or has it fail.</summary>
    private DiskFault Call(DiskCall call, string name, Action[] parts, Action? release = null)
    {
        Before(call);
        lock (_own)
        {
            _tree.Now += TimeSpan.FromMilliseconds(1);
            var operation = new DiskOperation(_operations.Count, call, DiskNames.Unvarying(name));
            _operations.Add(operation);
            var fault = FaultOf(operation);
            Watch?.Invoke(operation, false);
            if (fault == DiskFault.Fails)
            {
                return Fail(operation);
            }

            for (int i = 0; i < parts.Length; i++)
            {
                if (i > 0)
                {
                    Watch?.Invoke(operation, true);
                    if (fault == DiskFault.Half)
                    {
                        return Fail(operation);
                    }
                }

                parts[i]();
            }

            if (fault == DiskFault.FailsAfter)
            {
                release?.Invoke();
                return Fail(operation);
            }

            return fault;
        }
    }

    private DiskFault FaultOf(DiskOperation operation)
    {
        if (Planned is not { } planned || planned.Operation.Number != operation.Number)
        {
            return DiskFault.None;
        }

        if (planned.Operation != operation)
        {
            Difference = $"the call is {operation}, but {planned.Operation} was to fail";
            return DiskFault.None;
        }

        HasFailed = true;
        return planned.Fault;
    }

    private static DiskFault Fail(DiskOperation operation) =>
        operation.Call == DiskCall.FlushFolder
            ? DiskFault.Fails
            : throw new IOException($"The simulated disk fails at {operation}");

    private IReadOnlyList<string> List(string folder, Func<IReadOnlyList<string>> list)
    {
        if (!IsOwn(folder, out string name))
        {
            return list();
        }

        IReadOnlyList<string> found = [];
        return Call(DiskCall.List, name, [() => found = [.. list().Order(StringComparer.Ordinal)]]) == DiskFault.Garbage
            ? [.. found, Path.Combine(folder, Stray)]
            : found;
    }

    private void Move(DiskCall call, string path, string target, Action move)
    {
        if (!IsOwn(path, out string name) || !IsOwn(target, out string targetName))
        {
            throw new NotSupportedException($"From '{path}' to '{target}': one of them is not on the simulated disk.");
        }

        Call(
            call,
            $"{name} to {targetName}",
            [
                () =>
                {
                    move();
                    _tree.Move(name, targetName);
                },
            ]
        );
    }

    private void DeleteHalf(string path, bool recursive)
    {
        string[] files = recursive ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [];
        foreach (string file in files.Order(StringComparer.Ordinal).Take(files.Length / 2))
        {
            File.Delete(file);
            _ = IsOwn(file, out string name);
            _tree.Remove(name);
        }
    }

    private void DeleteAll(string path, string name, bool recursive)
    {
        Directory.Delete(path, recursive);
        _tree.Remove(name);
    }

    private void Release(Held held, string name, IDisposable real) =>
        Call(
            DiskCall.Unlock,
            name,
            [
                () =>
                {
                    _open.Remove(held);
                    real.Dispose();
                    _tree.Remove(name);
                },
            ]
        );

    private void Put(SimulatedStream file, ReadOnlySpan<byte> bytes)
    {
        file.Node.Write(file.Real.Position, bytes);
        file.Real.Write(bytes);
        file.Node.WrittenAt = _tree.Now;
    }

    private bool IsOwn(string path, out string name) => DiskNames.IsWithin(Root, path, out name);

    /// <summary>A lock that somebody holds.</summary>
    private sealed class Held(Action<Held> release) : IDisposable
    {
        public void Dispose() => release(this);
    }
}

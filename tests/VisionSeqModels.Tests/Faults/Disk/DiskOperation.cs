namespace VisionSeqModels.Tests.Faults;

/// <summary>What the library asks of the disk.</summary>
internal enum DiskCall
{
    Open,
    OpenToRead,
    Read,
    Write,
    Flush,
    FlushFolder,
    Rename,
    RenameFolder,
    Delete,
    DeleteFolder,
    MakeFolder,
    List,
    Lock,
    Unlock,
}

/// <summary>What goes wrong within a process that lives on.</summary>
internal enum DiskFault
{
    None,

    /// <summary>An <see cref="IOException"/>, and nothing was done.</summary>
    Fails,

    /// <summary>An <see cref="IOException"/>, though it was done.</summary>
    FailsAfter,

    /// <summary>An <see cref="IOException"/> in the middle.</summary>
    Half,

    /// <summary>Other bytes than those of the file; one name too many in a list.</summary>
    Garbage,

    /// <summary>The first half of the file's bytes.</summary>
    CutShort,
}

/// <summary>A call of the library, in the order of calls.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Call">What it asks.</param>
/// <param name="Name">The file or folder, without what differs from run to run.</param>
internal sealed record DiskOperation(int Number, DiskCall Call, string Name)
{
    /// <summary>The faults that such a call can have.</summary>
    public IReadOnlyList<DiskFault> Faults =>
        Call switch
        {
            DiskCall.OpenToRead => [DiskFault.Fails, DiskFault.Garbage, DiskFault.CutShort],
            DiskCall.Read or DiskCall.FlushFolder => [DiskFault.Fails],
            DiskCall.Write or DiskCall.DeleteFolder => [DiskFault.Fails, DiskFault.Half, DiskFault.FailsAfter],
            DiskCall.List => [DiskFault.Fails, DiskFault.Garbage],
            DiskCall.Unlock => [], // it is a disposal, which does not say that it failed
            _ => [DiskFault.Fails, DiskFault.FailsAfter],
        };

    /// <summary>Whether a process may end in the middle of it.</summary>
    public bool HasMiddle => Call is DiskCall.Write or DiskCall.DeleteFolder;

    public override string ToString() => FormattableString.Invariant($"{Number:0000} {Call} {Name}");
}

using VisionSeqModels.Data;
using VisionSeqModels.Training;

namespace VisionSeqModels.Tests.Faults;

/// <summary>Work of the library on a disk. It is the same each time, and continues what it finds.</summary>
internal abstract class FaultScenario
{
    public abstract string Name { get; }

    /// <summary>What is on the disk before.</summary>
    public virtual DiskImage Begin() => DiskImage.Empty;

    /// <summary>Begins the work, or continues it, to its end.</summary>
    public abstract void Run(SimulatedDisk disk);

    /// <summary>What it comes to: a line for each file, without times.</summary>
    public virtual IReadOnlyList<string> Result(string folder) => FolderResult.Of(folder);

    /// <summary>The lines of a result that must be those of the undisturbed work.</summary>
    public virtual IReadOnlyList<string> Compared(IReadOnlyList<string> result, string folder) => result;

    /// <summary>What a process that ended anywhere may not leave: a line for each file that is not whole.</summary>
    public virtual IEnumerable<string> HalfFiles(string folder) => FolderResult.HalfFiles(folder);

    /// <summary>Whether the library documents that it throws this where the disk fails.</summary>
    public virtual bool IsDocumented(Exception e) =>
        e is IOException or InvalidDataException or UnauthorizedAccessException or DatasetNotFoundException
        || (e is CallbackException && e.InnerException is Exception inner && IsDocumented(inner));

    /// <summary>Faults that this work need not bear, with the reason in docs/reliability.md.</summary>
    public virtual bool IsLeftOut(DiskOperation operation, DiskFault fault) => false;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new RunFaults(),
        new ResumeFaults(),
        new StudyFaults(),
        new LedgerFaults(),
        new DownloadFaults(),
        new ExportFaults(),
        new FolderCacheFaults(),
    ];
}

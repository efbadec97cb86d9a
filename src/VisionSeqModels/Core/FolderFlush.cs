using System.Runtime.InteropServices;

namespace VisionSeqModels.Core;

/// <summary>Brings a folder's entries to the disk, so that a rename in it outlives a power cut.</summary>
/// <remarks>On Linux and macOS by <c>fsync</c> of the folder. Windows has no call for it: NTFS keeps a journal of its folders,
/// and after a power cut a rename is there or not, never half. A file system that cannot flush folders (some network drives)
/// is left alone: the file itself is whole and has its name.</remarks>
internal static class FolderFlush
{
    private const int ReadOnly = 0; // O_RDONLY on both systems

    /// <summary>Flushes a folder.</summary>
    /// <returns>Whether the system said that it did.</returns>
    public static bool Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        int handle = Open(directory, ReadOnly);
        if (handle < 0)
        {
            return false;
        }

        bool flushed = Synchronize(handle) == 0;
        _ = Close(handle);
        return flushed;
    }

#pragma warning disable SYSLIB1054, CA2101 // the generated kind needs unsafe code; the path is UTF-8
    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int handle);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
#pragma warning restore SYSLIB1054, CA2101
}

using System.Text.RegularExpressions;

namespace VisionSeqModels.Core;

/// <summary>Writes files that are either whole or absent: writes a temporary file beside the target, flushes it to disk,
/// renames it, and flushes the folder.</summary>
internal static partial class AtomicFile
{
    /// <summary>A temporary file of this library, and none that a user keeps in the folder.</summary>
    [GeneratedRegex(@"\.[0-9a-f]+-[0-9a-f]{8}\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex Temporary { get; }

    /// <summary>Calls <paramref name="write"/>; a failure of the disk gets the file's path and advice.</summary>
    /// <exception cref="IOException">The file cannot be written; the message has its path and the system's reason.</exception>
    public static void Explain(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"'{Path.GetFullPath(path)}' cannot be written: {e.Message.TrimEnd('.')}. Make room or give another place.",
                e
            );
        }
    }

    public static void WriteAllText(string path, string text) =>
        Write(
            path,
            stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true); // UTF-8 without a byte order mark
                writer.Write(text);
            }
        );

    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Calls <paramref name="write"/> on a new temporary file, then moves it to <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="keepAs">Where to keep the previous file; null to replace it.</param>
    /// <remarks>If anything throws, the previous file stays and the temporary one is removed.</remarks>
    /// <exception cref="IOException">The file cannot be written; the message has its path and the system's reason.</exception>
    public static void Write(string path, Action<Stream> write, string? keepAs = null)
    {
        string full = Path.GetFullPath(path);
        Explain(
            full,
            () =>
            {
                FileSystem.Current.CreateFolder(Path.GetDirectoryName(full)!);
                WriteBeside(full, write, keepAs);
            }
        );
    }

    /// <summary>Removes the temporary files that a killed process left in a folder.</summary>
    public static void RemoveLeftovers(string directory)
    {
        foreach (string path in FileSystem.Current.Files(directory, "*.tmp").Where(path => Temporary.IsMatch(path)))
        {
            FileSystem.Current.Delete(path);
        }
    }

    private static void WriteBeside(string full, Action<Stream> write, string? keepAs)
    {
        var files = FileSystem.Current;
        string temporary = $"{full}.{Environment.ProcessId:x}-{Guid.NewGuid().ToString("n")[..8]}.tmp";
        try
        {
            using (var stream = files.Open(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                files.Flush(stream);
            }

            if (keepAs is not null && File.Exists(full))
            {
                Replace(full, keepAs);
            }

            Replace(temporary, full);
            files.FlushFolder(Path.GetDirectoryName(full)!);
        }
        catch
        {
            files.Delete(temporary);
            throw;
        }
    }

    /// <summary>Windows does not replace a file that another program reads (a virus scanner, a viewer). So try again for a
    /// moment.</summary>
    private static void Replace(string temporary, string target)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                FileSystem.Current.Rename(temporary, target);
                return;
            }
            catch (Exception e)
                when (OperatingSystem.IsWindows() && attempt < 8 && e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(25 * attempt);
            }
        }
    }
}

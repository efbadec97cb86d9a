using System.Globalization;
using VisionSeqModels.Core;
using VisionSeqModels.Runs;

namespace VisionSeqModels;

/// <summary>Folders of runs.</summary>
public static class RunDirectory
{
    /// <summary>A path for a new run, such as <c>runs/lenet_Oct24_19-52-12</c>; nothing is created yet.</summary>
    /// <param name="parent">The folder that holds the runs.</param>
    /// <param name="name">What the run is. ASCII letters, digits, dots and hyphens stay. Every other character becomes an
    /// underscore, so that the folder has a name that every system allows. At most 60 characters stay.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <returns>A path that does not exist, in upper or lower case; a second run in the same second gets <c>_2</c> after
    /// it.</returns>
    public static string New(string parent, string name, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(parent);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        string stamp = (clock ?? TimeProvider.System).GetLocalNow().ToString("MMMdd_HH-mm-ss", CultureInfo.InvariantCulture);
        string first = $"{FileNames.Safe(name)}_{stamp}";
        string unused = first;
        // One name in two cases is one folder on Windows and macOS.
        var taken = Directory.Exists(parent)
            ? Directory.EnumerateFileSystemEntries(parent).Select(Path.GetFileName).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : [];
        for (int copy = 2; taken.Contains(unused); copy++)
        {
            unused = string.Create(CultureInfo.InvariantCulture, $"{first}_{copy}");
        }

        return Path.Combine(parent, unused);
    }

    /// <summary>Whether a folder holds a run that <c>Trainer.Resume</c> can resume, or has ended.</summary>
    /// <param name="path">The folder; it need not exist.</param>
    public static bool CanResume(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new StateFile(path).Exists;
    }

    /// <summary>Creates the folder, proves that it can be written to, and that no run is in it.</summary>
    /// <returns>Keeps other trainers out until it is disposed.</returns>
    internal static IDisposable Claim(string path)
    {
        if (File.Exists(Path.Combine(path, RunRecord.FileName)) || CanResume(path))
        {
            throw new IOException(
                $"The folder '{Path.GetFullPath(path)}' already holds a run. Resume it with Trainer.Resume, give "
                    + "another folder, or delete that one."
            );
        }

        return Lock(path);
    }

    /// <summary>Keeps other trainers out of the folder, and removes what a killed one left.</summary>
    internal static IDisposable Lock(string path)
    {
        string file = Path.Combine(path, ".lock");
        IDisposable? held = null;
        try
        {
            FileSystem.Current.CreateFolder(path);
            held = FileSystem.Current.Lock(file);
            AtomicFile.RemoveLeftovers(path);
            AtomicFile.RemoveLeftovers(Path.Combine(path, "checkpoints"));
            return held;
        }
        catch (IOException e) when (held is null && File.Exists(file))
        {
            throw new IOException(
                $"The run folder '{Path.GetFullPath(path)}' is in use by another run. Wait for its end, or give another folder.",
                e
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new IOException(
                $"The run folder '{Path.GetFullPath(path)}' cannot be written to: {e.Message} Give another folder.",
                e
            );
        }
    }
}

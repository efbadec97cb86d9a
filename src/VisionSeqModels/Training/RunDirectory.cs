using System.Globalization;

namespace VisionSeqModels.Training;

/// <summary>Folders of runs.</summary>
public static class RunDirectory
{
    /// <summary>A path for a new run, such as <c>runs/lenet_Oct24_19-52-12</c>; nothing is created yet.</summary>
    /// <param name="parent">The folder that holds the runs.</param>
    /// <param name="name">What the run is, without characters that file names cannot have.</param>
    /// <param name="clock">The clock; null for the system's.</param>
    /// <returns>A path that does not exist; a second run in the same second gets <c>_2</c> after it.</returns>
    public static string New(string parent, string name, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(parent);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        string stamp = (clock ?? TimeProvider.System).GetLocalNow().ToString("MMMdd_HH-mm-ss", CultureInfo.InvariantCulture);
        string path = Path.Combine(parent, $"{name}_{stamp}");
        for (int copy = 2; Path.Exists(path); copy++)
        {
            path = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{name}_{stamp}_{copy}"));
        }

        return path;
    }

    /// <summary>Creates the folder, proves that it can be written to, and that no run is in it.</summary>
    internal static void Claim(string path)
    {
        if (File.Exists(Path.Combine(path, "run.json")))
        {
            throw new IOException($"The folder '{Path.GetFullPath(path)}' already holds a run (run.json is there). Give another folder, or delete that one.");
        }

        try
        {
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, $".write-test-{Guid.NewGuid():n}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The run folder '{Path.GetFullPath(path)}' cannot be written to: {e.Message} Give another folder.", e);
        }
    }
}

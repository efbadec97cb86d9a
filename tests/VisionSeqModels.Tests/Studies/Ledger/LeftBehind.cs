using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Studies.Ledger;

/// <summary>Servers and networks of a test run that was killed. The next run that needs its own of the same kind ends
/// them.</summary>
internal static partial class LeftBehind
{
    private const string OwnerFile = "owner";

    /// <summary>Says that a server with a folder belongs to this process.</summary>
    public static void Own(TempFolder folder) =>
        File.WriteAllText(folder[OwnerFile], Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Ends servers of some programs whose folder belongs to a process that has ended.</summary>
    public static void EndServers(params string[] programs)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out int id)
                && CommandOf(id) is var command
                && programs.Any(program => Program(command) == program)
                && Folder().Match(command) is { Success: true } folder
                && !IsAlive(OwnerOf(folder.Value))
            )
            {
                Kill(id);
            }
        }
    }

    /// <summary>Whether a process of this machine runs.</summary>
    public static bool IsAlive(int process) => Directory.Exists(FormattableString.Invariant($"/proc/{process}"));

    private static int OwnerOf(string folder)
    {
        string file = Path.Combine(folder, OwnerFile);
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out int owner)
            ? owner
            : -1;
    }

    private static string Program(string command) => Path.GetFileName(command.Split(' ', 2)[0]);

    private static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText(FormattableString.Invariant($"/proc/{process}/cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    [GeneratedRegex("/[^ =]*/visionseq-[0-9a-f]{32}")]
    private static partial Regex Folder();
}

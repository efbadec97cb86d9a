using System.Text.RegularExpressions;

namespace VisionSeqModels.Tests.Faults;

/// <summary>Names of files without what differs from run to run.</summary>
internal static partial class DiskNames
{
    /// <summary>A name that is the same in each run.</summary>
    public static string Unvarying(string name) =>
        Events().Replace(Temporary().Replace(Unique().Replace(name, "*"), ".tmp"), "events.tfevents");

    /// <summary>Whether a path lies on a disk.</summary>
    /// <param name="root">The disk's folder of this machine.</param>
    /// <param name="path">A path of this machine.</param>
    /// <param name="name">The path on this disk, with <c>/</c> between its parts.</param>
    public static bool IsWithin(string root, string path, out string name)
    {
        string relative = Path.GetRelativePath(root, Path.GetFullPath(path)).Replace('\\', '/');
        name = relative == "." ? "" : relative;
        return relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(relative);
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Unique();

    [GeneratedRegex(@"\.[0-9a-f]+-[0-9a-f]{8}\.tmp")]
    private static partial Regex Temporary();

    [GeneratedRegex(@"events\.out\.tfevents\S*")]
    private static partial Regex Events();
}

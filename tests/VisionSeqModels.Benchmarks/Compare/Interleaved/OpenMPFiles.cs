namespace VisionSeqModels.Benchmarks.Compare;

/// <summary>The libraries of OpenMP that this process has loaded (Linux). One that is preloaded stands before libtorch's own,
/// which is in place all the same.</summary>
internal static class OpenMPFiles
{
    public static IEnumerable<string> Loaded() =>
        File.ReadLines("/proc/self/maps")
            .Select(line => Path.GetFileName(line.Split(' ')[^1]))
            .Where(name =>
                name.StartsWith("libgomp", StringComparison.Ordinal) || name.StartsWith("libomp.", StringComparison.Ordinal)
            )
            .Distinct();
}

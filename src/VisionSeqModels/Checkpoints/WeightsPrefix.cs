namespace VisionSeqModels.Checkpoints;

/// <summary>Finds what PyTorch's wrappers put before every name of a file.</summary>
internal static class WeightsPrefix
{
    // DataParallel, torch.compile, and trainers that keep the network as their field "model" or "net".
    private static readonly string[] Known = ["module.", "_orig_mod.", "model.", "net."];

    /// <summary>The prefix, known wrappers one in another, without which more of the file's names are the model's; empty where
    /// the names fit best as they are.</summary>
    /// <remarks>Names that do not begin with it stay: a training checkpoint may hold the loss's weights beside the
    /// network's.</remarks>
    public static string Find(
        IReadOnlyCollection<string> model,
        IReadOnlyCollection<string> file,
        Func<string, string?>? map = null
    )
    {
        var own = model.ToHashSet(StringComparer.Ordinal);
        string best = "";
        int most = Fitting("");
        foreach (string prefix in Candidates(file))
        {
            int fitting = Fitting(prefix);
            if (fitting > most)
            {
                (best, most) = (prefix, fitting);
            }
        }

        return best;

        int Fitting(string prefix) =>
            file.Select(name => Without(prefix, name))
                .Count(name => (map is null ? name : map(name)) is string mapped && own.Contains(mapped));
    }

    /// <summary>The name without the prefix, where it has it.</summary>
    public static string Without(string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;

    private static IEnumerable<string> Candidates(IReadOnlyCollection<string> file)
    {
        const int deepest = 3;
        List<string> found = [""];
        for (int depth = 0; depth < deepest; depth++)
        {
            found =
            [
                .. found
                    .SelectMany(outer => Known.Select(inner => outer + inner))
                    .Where(prefix => file.Any(name => name.StartsWith(prefix, StringComparison.Ordinal))),
            ];
            foreach (string prefix in found)
            {
                yield return prefix;
            }
        }
    }
}

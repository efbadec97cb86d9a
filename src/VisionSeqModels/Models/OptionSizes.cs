using VisionSeqModels.Core;

namespace VisionSeqModels.Models;

/// <summary>Faults of options that are lists of sizes.</summary>
internal static class OptionSizes
{
    /// <summary>A list whose numbers are all at least 1.</summary>
    public static OptionFaults Sizes(this OptionFaults faults, string name, IReadOnlyList<int>? sizes) =>
        faults.Require(sizes?.All(size => size >= 1) == true, name, "a list of numbers of at least 1", Text(sizes));

    /// <summary>The list for a message; null for null.</summary>
    public static string? Text(IReadOnlyList<int>? sizes) => sizes is null ? null : $"[{string.Join(", ", sizes)}]";
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using VisionSeqModels.Core;

namespace VisionSeqModels.Models;

/// <summary>Faults of options that are lists of sizes.</summary>
internal static class OptionSizes
{
    /// <summary>A list whose numbers are all at least 1.</summary>
    public static OptionFaults Sizes(this OptionFaults faults, string name, IReadOnlyList<int>? sizes, int minimumCount = 0) =>
        faults.Require(
            AreSound(sizes) && sizes.Count >= minimumCount,
            name,
            minimumCount == 0 ? "a list of numbers of at least 1" : "a list of one number or more, each at least 1",
            Text(sizes)
        );

    /// <summary>Whether every number of the list is at least 1.</summary>
    public static bool AreSound([NotNullWhen(true)] IReadOnlyList<int>? sizes) => sizes?.All(size => size >= 1) == true;

    /// <summary>The list for a message; null for null.</summary>
    public static string? Text(IReadOnlyList<int>? sizes) =>
        sizes is null ? null : $"[{string.Join(", ", sizes.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";
}

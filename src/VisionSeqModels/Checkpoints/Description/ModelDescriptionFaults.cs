using VisionSeqModels.Core;

namespace VisionSeqModels.Checkpoints;

/// <summary>Checks of a description's parts. Whoever uses a description allocates by it, so sizes have limits.</summary>
internal static class ModelDescriptionFaults
{
    /// <summary>The most channels × height × width of one image.</summary>
    private const int MostPixelValues = 1 << 28;

    public static OptionFaults Names(this OptionFaults faults, string name, IReadOnlyList<string>? names) =>
        faults.Require(
            names is null || (names.Count > 0 && !names.Contains(null!)),
            name,
            "null or a list of at least 1 name, without null in it",
            names?.Count == 0 ? "empty" : "one with null in it"
        );

    public static OptionFaults ImageShape(this OptionFaults faults, string name, IReadOnlyList<int>? shape) =>
        faults.Require(
            shape is null || IsImage(shape),
            name,
            $"null or channels, height and width, each at least 1, with a product of at most {MostPixelValues}",
            shape is null ? null : string.Join(", ", shape)
        );

    private static bool IsImage(IReadOnlyList<int> shape) =>
        shape.Count == 3 && shape.All(side => side >= 1) && (Int128)shape[0] * shape[1] * shape[2] <= MostPixelValues;
}

using System.Globalization;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="InvarianceCurves"/> does to images, and which features it compares.</summary>
public sealed record InvarianceCurvesOptions : ViewOptions
{
    /// <summary>What to do to the images; default <see cref="ImageTransform.Shift"/>.</summary>
    public ImageTransform Transform { get; init; } = ImageTransform.Shift;

    /// <summary>By how much, each on its own: pixels to the right, factors above 0, or degrees. Null (default) for shifts from
    /// −8 to 8 in steps of 2, factors from 0.5 to 2, or turns from −90 to 90 in steps of 30.</summary>
    public IReadOnlyList<double>? Amounts { get; init; }

    /// <summary>The names of the layers whose features are compared, as in <c>named_modules()</c>; null (default) for the
    /// first and the last layer with weights.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    internal IReadOnlyList<double> ChosenAmounts =>
        Amounts
        ?? Transform switch
        {
            ImageTransform.Shift => [-8, -6, -4, -2, 0, 2, 4, 6, 8],
            ImageTransform.Scale => [0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 1.75, 2],
            _ => [-90, -60, -30, 0, 30, 60, 90],
        };

    internal void Validate()
    {
        double? bad = Amounts?.Cast<double?>().FirstOrDefault(amount => !IsPossible(amount!.Value));
        ViewFaults()
            .Require(Enum.IsDefined(Transform), nameof(Transform), "Shift, Scale or Rotate", Transform)
            .Require(
                Amounts is null or { Count: > 0 } && bad is null,
                nameof(Amounts),
                "null or at least one finite number (for Scale above 0)",
                bad?.ToString(CultureInfo.InvariantCulture) ?? "empty"
            )
            .Require(Layers is null or { Count: > 0 }, nameof(Layers), "null or at least one name", Layers?.Count)
            .ThrowIfAny();
    }

    private bool IsPossible(double amount) => double.IsFinite(amount) && (Transform != ImageTransform.Scale || amount > 0);
}

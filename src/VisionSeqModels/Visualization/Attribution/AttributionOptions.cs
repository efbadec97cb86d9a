using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="Attribution"/> explains, and how much at a time.</summary>
public sealed record AttributionOptions
{
    /// <summary>The class to explain, one for each image; null (default) for the class that the model predicts.</summary>
    public IReadOnlyList<long>? Targets { get; init; }

    /// <summary>Images (or copies of them) in a pass; default 64. It changes speed and memory only.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Stops between passes.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void Validate(long images) =>
        new OptionFaults(nameof(AttributionOptions))
            .Require(
                Targets is null || Targets.Count == images,
                nameof(Targets),
                $"null or {images} classes, one for each image",
                Targets?.Count
            )
            .Require(
                Targets is null || Targets.All(target => target >= 0),
                nameof(Targets),
                "classes from 0",
                Targets?.Append(0).Min()
            )
            .AtLeast(1, nameof(BatchSize), BatchSize)
            .ThrowIfAny();
}

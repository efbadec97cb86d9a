using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="RecurrentTrace"/> shows.</summary>
public sealed record RecurrentTraceOptions
{
    /// <summary>Which layer, from 0 for the one next to the input; null (default) for the last.</summary>
    public int? Layer { get; init; }

    internal void Validate() =>
        new OptionFaults(nameof(RecurrentTraceOptions))
            .Require(Layer is null or >= 0, nameof(Layer), "null or at least 0", Layer)
            .ThrowIfAny();
}

using VisionSeqModels.Core;
using static TorchSharp.torch;

namespace VisionSeqModels.Visualization;

/// <summary>What a method of <see cref="Attribution"/> explains. Its <see cref="ViewOptions.BatchSize"/> counts images, or
/// copies of them.</summary>
public record AttributionOptions : ViewOptions
{
    /// <summary>The class to explain, one for each image; null (default) for the class that the model predicts.</summary>
    public IReadOnlyList<long>? Targets { get; init; }

    /// <summary>What to explain in place of a class score. It turns the model's outputs into one number for each sample,
    /// <c>[batch]</c>, from that sample's outputs alone, with tensor operations that have gradients. Null (default) for a
    /// class score. <see cref="Targets"/> must then be null, and <see cref="AttributionMap.Target"/> is −1.</summary>
    public Func<Tensor, Tensor>? Objective { get; init; }

    internal void Validate(long images) => Check(ViewFaults(), images).ThrowIfAny();

    private protected virtual OptionFaults Check(OptionFaults faults, long images) =>
        faults
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
            .Require(
                Targets is null || Objective is null,
                nameof(Targets),
                "null where there is an Objective",
                OptionFaults.Text(Targets?.Select(target => (double)target))
            );
}

using VisionSeqModels.Core;
using VisionSeqModels.Data;

namespace VisionSeqModels;

/// <summary>Draws every class equally often, however rare it is, and the images of a class equally often, with
/// replacement.</summary>
/// <remarks>PyTorch's <c>WeightedRandomSampler</c> with the weight 1 / (images of the class). Images whose label the loss
/// ignores are not drawn.</remarks>
public sealed record BalancedSampling : Sampling
{
    internal override IReadOnlyList<string> Faults() =>
        new OptionFaults(nameof(BalancedSampling)).AtLeast(1, nameof(SamplesPerEpoch), SamplesPerEpoch ?? 1).All;

    internal override double[] WeightsOf(IImageSource train, IImageSource whole, long? ignoreIndex)
    {
        int[] labels = [.. Enumerable.Range(0, train.Count).Select(i => train.GetLabel(i))];
        var counts = labels.CountBy(label => label).ToDictionary();
        return [.. labels.Select(label => label == ignoreIndex ? 0 : 1.0 / counts[label])];
    }
}

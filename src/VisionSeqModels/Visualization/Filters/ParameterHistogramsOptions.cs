using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>What <see cref="ParameterHistograms"/> counts.</summary>
public sealed record ParameterHistogramsOptions
{
    /// <summary>Whether the gradients that the parameters hold are counted in place of the weights; default false.</summary>
    public bool Gradients { get; init; }

    /// <summary>Bins of each histogram; default 60, from 2 to 1000.</summary>
    public int BinCount { get; init; } = 60;

    internal void Validate() =>
        new OptionFaults(nameof(ParameterHistogramsOptions))
            .Require(BinCount is >= 2 and <= 1000, nameof(BinCount), "from 2 to 1000", BinCount)
            .ThrowIfAny();
}

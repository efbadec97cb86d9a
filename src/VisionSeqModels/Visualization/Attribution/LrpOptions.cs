using VisionSeqModels.Core;

namespace VisionSeqModels.Visualization;

/// <summary>The rules of <see cref="Attribution.Lrp"/>.</summary>
public sealed record LrpOptions : AttributionOptions
{
    /// <summary>The rule of convolutions; default <see cref="LrpRule.ZPlus"/>.</summary>
    public LrpRule ConvolutionRule { get; init; } = LrpRule.ZPlus;

    /// <summary>The rule of linear layers; default <see cref="LrpRule.Epsilon"/>.</summary>
    public LrpRule LinearRule { get; init; } = LrpRule.Epsilon;

    /// <summary>What keeps the epsilon rule's denominator from zero, in the units of the layer's output; default 1e-6, at least
    /// 0. A larger one takes relevance from weak contributions, and that relevance is lost.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>How much the gamma rule favours what agrees with the sum; default 0.25, at least 0.</summary>
    public double Gamma { get; init; } = 0.25;

    private protected override OptionFaults Check(OptionFaults faults, long images) =>
        base.Check(faults, images)
            .Require(Enum.IsDefined(ConvolutionRule), nameof(ConvolutionRule), "a rule of LrpRule", ConvolutionRule)
            .Require(Enum.IsDefined(LinearRule), nameof(LinearRule), "a rule of LrpRule", LinearRule)
            .NotNegative(nameof(Epsilon), Epsilon)
            .NotNegative(nameof(Gamma), Gamma);
}

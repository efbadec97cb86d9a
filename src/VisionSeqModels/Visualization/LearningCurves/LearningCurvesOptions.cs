using VisionSeqModels.Core;

namespace VisionSeqModels;

/// <summary>How learning curves are drawn.</summary>
public sealed record LearningCurvesOptions
{
    /// <summary>Width of each panel in pixels; default 600, at least 200.</summary>
    public int PanelWidth { get; init; } = 600;

    /// <summary>Height in pixels; default 420, at least 150.</summary>
    public int Height { get; init; } = 420;

    internal void Validate() =>
        new OptionFaults(nameof(LearningCurvesOptions))
            .Require(PanelWidth is >= 200 and <= 10_000, nameof(PanelWidth), "from 200 to 10000", PanelWidth)
            .Require(Height is >= 150 and <= 10_000, nameof(Height), "from 150 to 10000", Height)
            .ThrowIfAny();
}

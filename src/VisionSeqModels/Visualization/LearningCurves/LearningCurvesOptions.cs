using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels;

/// <summary>How learning curves are drawn.</summary>
public sealed record LearningCurvesOptions
{
    /// <summary>Width of each panel in pixels; default 600, at least 200.</summary>
    public int PanelWidth { get; init; } = 600;

    /// <summary>Height of each panel in pixels; default 420, at least 150. A legend that needs more than a fifth of it makes
    /// the panels higher.</summary>
    public int Height { get; init; } = 420;

    /// <summary>The upper size of the picture; default <see cref="PictureLimit.Default"/>. Of more metrics than there is room
    /// for, the first are drawn.</summary>
    public PictureLimit Limit { get; init; } = PictureLimit.Default;

    internal void Validate() =>
        PictureLimit
            .Validate(new OptionFaults(nameof(LearningCurvesOptions)), Limit)
            .Require(PanelWidth is >= 200 and <= 10_000, nameof(PanelWidth), "from 200 to 10000", PanelWidth)
            .Require(Height is >= 150 and <= 10_000, nameof(Height), "from 150 to 10000", Height)
            .ThrowIfAny();
}

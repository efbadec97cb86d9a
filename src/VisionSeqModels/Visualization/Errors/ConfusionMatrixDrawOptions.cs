using VisionSeqModels.Core;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Visualization;

/// <summary>How a <see cref="ConfusionMatrix"/> is drawn.</summary>
public sealed record ConfusionMatrixDrawOptions
{
    /// <summary>The title; default null: the accuracy.</summary>
    public string? Title { get; init; }

    /// <summary>What the counts are divided by for the colours; default the samples of the true class.</summary>
    public ConfusionMatrixNormalization Normalization { get; init; } = ConfusionMatrixNormalization.Row;

    /// <summary>Whether the cells show per cent, as the colours, in place of the counts; default false.</summary>
    public bool ShowPercent { get; init; }

    /// <summary>The most classes with a row of their own; default 100, at least 2. Of more, those with the most errors are
    /// shown, the worst first, and one row and column hold all others.</summary>
    public int MaximumClasses { get; init; } = 100;

    /// <summary>The upper size of the picture; default <see cref="PictureLimit.Default"/>.</summary>
    public PictureLimit Limit { get; init; } = PictureLimit.Default;

    internal void Validate() =>
        PictureLimit
            .Validate(new OptionFaults(nameof(ConfusionMatrixDrawOptions)), Limit)
            .Require(Enum.IsDefined(Normalization), nameof(Normalization), "Row, Column or All", Normalization)
            .AtLeast(2, nameof(MaximumClasses), MaximumClasses)
            .ThrowIfAny();
}

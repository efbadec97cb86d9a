using VisionSeqModels.Core;

namespace VisionSeqModels.Drawing;

/// <summary>How a <see cref="LineChart"/> is drawn.</summary>
public sealed record LineChartOptions
{
    /// <summary>The title above the chart; default none.</summary>
    public string? Title { get; init; }

    /// <summary>The label of the horizontal axis; default none.</summary>
    public string? XTitle { get; init; }

    /// <summary>The label of the vertical axis; default none.</summary>
    public string? YTitle { get; init; }

    /// <summary>Whether the vertical axis is logarithmic; default false. Values of 0 and below are then left out, and
    /// the legend says how many.</summary>
    public bool LogarithmicY { get; init; }

    /// <summary>Width in pixels; default 700, at least 200.</summary>
    public int Width { get; init; } = 700;

    /// <summary>Height in pixels; default 420, at least 150. A legend that needs more than a fifth of it makes the picture
    /// higher.</summary>
    public int Height { get; init; } = 420;

    internal void Validate() =>
        new OptionFaults(nameof(LineChartOptions))
            .Require(Width is >= 200 and <= 10_000, nameof(Width), "from 200 to 10000", Width)
            .Require(Height is >= 150 and <= 10_000, nameof(Height), "from 150 to 10000", Height)
            .ThrowIfAny();
}

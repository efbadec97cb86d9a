using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>What stands before an entry of a legend.</summary>
internal enum LegendSign
{
    None,
    Line,
    Area,
    Cross,
    Ring,
}

/// <summary>One entry of a chart's legend.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Sign">What stands before it.</param>
/// <param name="Look">How the line looks.</param>
/// <param name="Color">The colour of another sign.</param>
internal sealed record LegendEntry(string Text, LegendSign Sign, ChartLook Look, SKColor Color)
{
    public static LegendEntry Plain(string text) => new(text, LegendSign.None, default, default);

    public static LegendEntry Line(string text, ChartLook look) => new(text, LegendSign.Line, look, default);

    public static LegendEntry Area(string text, SKColor color) => new(text, LegendSign.Area, default, color);

    public static LegendEntry Cross(string text, SKColor color) => new(text, LegendSign.Cross, default, color);

    public static LegendEntry Ring(string text, SKColor color) => new(text, LegendSign.Ring, default, color);
}

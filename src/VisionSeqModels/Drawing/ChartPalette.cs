namespace VisionSeqModels.Drawing;

/// <summary>The colours of lines in charts, PNG and SVG alike: one set for a light ground, one for a dark one.</summary>
/// <remarks>Found by a search that began at Okabe and Ito's colours. A test holds the bounds: any two colours of a set differ
/// by at least 20 (CIE76), for full colour vision, protanopia, deuteranopia and tritanopia (Machado et al. 2009), and each
/// has a contrast of at least 3:1 with its ground (WCAG).</remarks>
internal static class ChartPalette
{
    /// <summary>The colour of bars: the light blue of Okabe and Ito.</summary>
    public const string Bars = "#56b4e9";

    /// <summary>For a white ground.</summary>
    public static IReadOnlyList<string> Light { get; } =
    ["#0072b2", "#d55e00", "#00aa60", "#cb7aa6", "#917eff", "#095524", "#000000", "#2d228a"];

    /// <summary>For the dark ground of a <see cref="ReportPage"/>.</summary>
    public static IReadOnlyList<string> Dark { get; } =
    ["#68c6f8", "#d55e01", "#1d945c", "#be75a0", "#e7b810", "#6471bd", "#ffffff", "#d9d06d"];
}

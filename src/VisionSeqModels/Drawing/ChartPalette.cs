namespace VisionSeqModels.Drawing;

/// <summary>The colours and dashes of lines in charts, PNG and SVG alike: one set of colours for a light ground, one for a
/// dark one.</summary>
/// <remarks>Found by a search that began at Okabe and Ito's colours. ChartPaletteTests holds what is claimed: any two colours
/// of a set differ by at least 20 (CIE76), for full colour vision, protanopia, deuteranopia and tritanopia (Machado et al.
/// 2009), each has a contrast of at least 3:1 with its ground (WCAG), and 24 lines have 24 looks (<see cref="ChartLook"/>):
/// lines of one colour differ in marker and dashes.</remarks>
internal static class ChartPalette
{
    /// <summary>The colour of bars: the light blue of Okabe and Ito.</summary>
    public const string Bars = "#56b4e9";

    /// <summary>Lengths of strokes and gaps, the first for solid lines.</summary>
    public static IReadOnlyList<IReadOnlyList<float>> Dashes { get; } =
    [
        [],
        [7, 3],
        [2, 3],
        [10, 3, 2, 3],
    ];

    /// <summary>For a white ground.</summary>
    public static IReadOnlyList<string> Light { get; } =
    ["#0072b2", "#d55e00", "#00aa60", "#cb7aa6", "#917eff", "#095524", "#000000", "#2d228a"];

    /// <summary>For the dark ground of a <see cref="ReportPage"/>.</summary>
    public static IReadOnlyList<string> Dark { get; } =
    ["#68c6f8", "#d55e01", "#1d945c", "#be75a0", "#e7b810", "#6471bd", "#ffffff", "#d9d06d"];
}

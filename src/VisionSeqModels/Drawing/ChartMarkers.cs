namespace VisionSeqModels.Drawing;

/// <summary>The shapes that mark points of lines, as SVG paths about (0, 0), about 2 units wide. The last half is drawn as
/// outlines.</summary>
internal static class ChartMarkers
{
    private static readonly string[] Shapes =
    [
        "M-1 0A1 1 0 1 0 1 0A1 1 0 1 0 -1 0Z", // circle
        "M-.9 -.9H.9V.9H-.9Z", // square
        "M0 -1.25L1.25 0L0 1.25L-1.25 0Z", // diamond
        "M0 -1.15L1.1 .8H-1.1Z", // triangle
    ];

    /// <summary>How many markers there are.</summary>
    public static int Count => 2 * Shapes.Length;

    /// <summary>The path of a marker.</summary>
    public static string Path(int marker) => Shapes[marker % Shapes.Length];

    /// <summary>Whether it is filled with its colour; else with the ground's.</summary>
    public static bool IsFilled(int marker) => marker < Shapes.Length;
}

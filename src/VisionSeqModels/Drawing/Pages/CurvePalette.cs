namespace VisionSeqModels.Drawing;

/// <summary>The colours and dashes of <see cref="ChartPalette"/> as rules of a style sheet.</summary>
internal static class CurvePalette
{
    public static IReadOnlyList<string> Light => ChartPalette.Light;

    /// <summary>A class c0, c1 … for each colour, and d1, d2 … for each kind of dashes.</summary>
    public static string Css =>
        $$"""
            :root { {{Variables(ChartPalette.Light)}} }
            @media (prefers-color-scheme: dark) { :root { {{Variables(ChartPalette.Dark)}} } }
            @media print { :root { {{Variables(ChartPalette.Light)}} } }
            {{string.Join(' ', Light.Select((_, i) => $".c{i} {{ color: var(--c{i}); }}"))}}
            {{string.Join(' ', ChartPalette.Dashes.Select(Dash).Skip(1))}}
            """;

    private static string Dash(IReadOnlyList<float> lengths, int number) =>
        $".d{number} polyline, .d{number} .line {{ stroke-dasharray: {string.Join(' ', lengths)}; }}";

    private static string Variables(IReadOnlyList<string> colors) =>
        string.Join(' ', colors.Select((color, i) => $"--c{i}: {color};"));
}

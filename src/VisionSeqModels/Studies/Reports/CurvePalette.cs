namespace VisionSeqModels.Studies;

/// <summary>Eight colours that people with any colour vision can distinguish, after Okabe and Ito: darker for a light
/// ground, lighter for a dark one.</summary>
internal static class CurvePalette
{
    public static IReadOnlyList<string> Light { get; } =
    ["#0072b2", "#d04a02", "#00875f", "#b0488a", "#a87400", "#2f97d0", "#8c8c8c", "#1a1a1a"];

    public static IReadOnlyList<string> Dark { get; } =
    ["#5aa9f0", "#ff8a3d", "#2fd0a0", "#eba0cf", "#f0b63a", "#9fdcff", "#8f8f8f", "#ffffff"];

    /// <summary>The colours as rules of a style sheet: a class c0, c1 … for each.</summary>
    public static string Css =>
        $$"""
            :root { {{Variables(Light)}} }
            @media (prefers-color-scheme: dark) { :root { {{Variables(Dark)}} } }
            @media print { :root { {{Variables(Light)}} } }
            {{string.Join(' ', Light.Select((_, i) => $".c{i} {{ color: var(--c{i}); }}"))}}
            """;

    private static string Variables(IReadOnlyList<string> colors) =>
        string.Join(' ', colors.Select((color, i) => $"--c{i}: {color};"));
}

using System.Globalization;
using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>Charts side by side as one picture.</summary>
internal static class ChartSheet
{
    private const int NoteHeight = 24;

    /// <summary>Draws charts in rows.</summary>
    /// <param name="panels">The charts, the most important first; disposed here. Those without room are left out.</param>
    /// <param name="width">Width of each.</param>
    /// <param name="height">Height of each; more where a legend or a title needs it.</param>
    /// <param name="columns">Charts in a row.</param>
    /// <param name="kind">What a chart is of, in the plural, for the line that says how many are shown.</param>
    /// <param name="limit">The upper size; null for the default.</param>
    public static Picture Draw(
        IReadOnlyList<ChartPanel> panels,
        int width,
        int height,
        int columns,
        string kind = "charts",
        PictureLimit? limit = null
    )
    {
        SkiaRuntime.EnsureAvailable();
        try
        {
            return DrawPanels(panels, width, height, Math.Clamp(columns, 1, panels.Count), kind, limit ?? PictureLimit.Default);
        }
        finally
        {
            foreach (var panel in panels)
            {
                panel.Dispose();
            }
        }
    }

    private static Picture DrawPanels(
        IReadOnlyList<ChartPanel> panels,
        int width,
        int height,
        int wanted,
        string kind,
        PictureLimit limit
    )
    {
        height = panels.Max(panel => panel.HeightFor(width, height));
        int columns = limit.Table((1, height, 0), (wanted, width, 0)).Columns,
            needed = (panels.Count + columns - 1) / columns,
            rows = limit.Table((needed, height, NoteHeight), (columns, width, 0)).Rows,
            shown = Math.Min(panels.Count, rows * columns),
            note = shown < panels.Count ? NoteHeight : 0;
        return Picture.Draw(
            width * columns,
            (height * rows) + note,
            canvas =>
            {
                for (int i = 0; i < shown; i++)
                {
                    (float left, float top) = (i % columns * width, note + (i / columns * height));
                    panels[i].Paint(canvas, SKRect.Create(left, top, width, height));
                }

                if (note > 0)
                {
                    using var font = new PictureFont(13);
                    using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
                    string text = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{shown:n0} of {panels.Count:n0} {kind} are shown, the first."
                    );
                    font.Draw(canvas, text, 12, 17, ink);
                }
            },
            limit
        );
    }
}

using SkiaSharp;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>A search as lines across axes, as a picture: the better a setting, the fuller its line.</summary>
internal static class ParallelPicture
{
    private const int Height = 380;
    private const int Top = 44;
    private const int Bottom = 24;
    private const int Between = 170;
    private const int MostAxes = 40; // a picture has an upper size
    private const float Gap = 6;

    public static Picture Draw(ParallelCoordinates search)
    {
        SkiaRuntime.EnsureAvailable();
        int axes = Math.Min(search.Axes.Count, MostAxes);
        using var font = new PictureFont(12);
        using var bold = new PictureFont(12, bold: true);
        float left = 12 + Math.Max(LabelsOf(search, 0, font) + Gap, bold.Measure(search.Axes[0].Name) / 2),
            right = 12 + (bold.Measure(search.Axes[axes - 1].Name) / 2),
            between = Math.Max(
                Between,
                Enumerable.Range(1, axes - 1).Select(axis => LabelsOf(search, axis, font) + (4 * Gap)).DefaultIfEmpty(0).Max()
            );
        float X(int axis) => left + (between * axis);
        float Y(double place) => (float)(Top + ((1 - place) * (Height - Top - Bottom)));
        return Picture.Draw(
            (int)Math.Ceiling(left + (between * (axes - 1)) + right),
            Height,
            canvas =>
            {
                foreach (var (_, places, rank) in search.Lines.Reverse()) // the best on top
                {
                    Line(canvas, [.. places.Take(axes).Select((place, i) => new SKPoint(X(i), Y(place)))], search.Fullness(rank));
                }

                using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
                using var ground = new SKPaint { Color = SKColors.White.WithAlpha(0xD0) };
                foreach (var (i, axis) in search.Axes.Take(axes).Index())
                {
                    canvas.DrawLine(X(i), Y(1), X(i), Y(0), ink);
                    bold.Draw(canvas, axis.Name, X(i), 20, ink, SKTextAlign.Center);
                    foreach (var (place, label) in axis.Ticks)
                    {
                        float width = font.Measure(label);
                        canvas.DrawRect(X(i) - Gap - width - 2, Y(place) - 8, width + 4, 16, ground);
                        canvas.DrawLine(X(i) - 4, Y(place), X(i), Y(place), ink);
                        font.Draw(canvas, label, X(i) - Gap, Y(place) + 4, ink, SKTextAlign.Right);
                    }
                }
            }
        );
    }

    private static float LabelsOf(ParallelCoordinates search, int axis, PictureFont font) =>
        search.Axes[axis].Ticks.Select(tick => font.Measure(tick.Label)).DefaultIfEmpty(0).Max();

    private static void Line(SKCanvas canvas, SKPoint[] points, double fullness)
    {
        using var ink = new SKPaint
        {
            Color = ChartInk.Color(ChartLook.Of(0)).WithAlpha((byte)Math.Round(255 * fullness)),
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = 2,
            StrokeJoin = SKStrokeJoin.Round,
        };
        using var path = new SKPath();
        path.AddPoly(points, close: false);
        canvas.DrawPath(path, ink);
    }
}

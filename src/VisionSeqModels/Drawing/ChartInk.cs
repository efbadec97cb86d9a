using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>Draws lines, markers and crosses as they look in every chart.</summary>
internal static class ChartInk
{
    /// <summary>The colour of bars.</summary>
    public static SKColor Bars { get; } = SKColor.Parse(ChartPalette.Bars);

    /// <summary>The colour of what a reader must not miss.</summary>
    public static SKColor Warning { get; } = SKColor.Parse(ChartPalette.Light[1]);

    /// <summary>The colour of a look on white.</summary>
    public static SKColor Color(ChartLook look) => SKColor.Parse(ChartPalette.Light[look.Color]);

    public static void Line(SKCanvas canvas, IReadOnlyList<SKPoint> points, ChartLook look, float width)
    {
        if (points.Count < 2)
        {
            return;
        }

        using var ink = new SKPaint
        {
            Color = Color(look),
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = width,
            StrokeJoin = SKStrokeJoin.Round,
        };
        float[] dashes = [.. ChartPalette.Dashes[look.Dash]];
        using var effect = dashes.Length == 0 ? null : SKPathEffect.CreateDash(dashes, 0);
        ink.PathEffect = effect;
        using var path = new SKPath();
        path.MoveTo(points[0]);
        foreach (var point in points.Skip(1))
        {
            path.LineTo(point);
        }

        canvas.DrawPath(path, ink);
    }

    public static void Marker(SKCanvas canvas, SKPoint at, ChartLook look, float radius)
    {
        using var path = SKPath.ParseSvgPathData(ChartMarkers.Path(look.Marker));
        bool filled = ChartMarkers.IsFilled(look.Marker);
        using var ink = new SKPaint { Color = filled ? Color(look) : SKColors.White, IsAntialias = true };
        canvas.Save();
        canvas.Translate(at.X, at.Y);
        canvas.Scale(radius);
        canvas.DrawPath(path, ink);
        if (!filled)
        {
            ink.Color = Color(look);
            ink.Style = SKPaintStyle.Stroke;
            ink.StrokeWidth = 1.6f / radius;
            canvas.DrawPath(path, ink);
        }

        canvas.Restore();
    }

    /// <summary>The mark of a value that has no place on the axis.</summary>
    public static void Cross(SKCanvas canvas, SKPoint at, SKColor color, float radius = 4)
    {
        using var ink = new SKPaint
        {
            Color = color,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = 2.5f,
        };
        canvas.DrawLine(at.X - radius, at.Y - radius, at.X + radius, at.Y + radius, ink);
        canvas.DrawLine(at.X - radius, at.Y + radius, at.X + radius, at.Y - radius, ink);
    }

    /// <summary>The mark about the best point.</summary>
    public static void Ring(SKCanvas canvas, SKPoint at, SKColor color)
    {
        using var ink = new SKPaint
        {
            Color = color,
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = 2,
        };
        canvas.DrawCircle(at, 7, ink);
    }
}

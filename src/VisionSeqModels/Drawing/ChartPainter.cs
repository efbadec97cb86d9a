using SkiaSharp;

namespace VisionSeqModels.Drawing;

/// <summary>Draws values where a chart's axes put them.</summary>
internal sealed class ChartPainter(SKCanvas canvas, SKRect plot, ChartAxis xAxis, ChartAxis yAxis)
{
    private const int MarkersUpTo = 40;
    private const int MarkersOfMany = 10;

    /// <summary>A line through the finite points, broken where one is not finite. Of many points some have a marker, so that
    /// lines of one colour can be distinguished.</summary>
    /// <param name="x">Places.</param>
    /// <param name="y">Values.</param>
    /// <param name="look">Colour, marker and dashes.</param>
    /// <param name="number">The line's number: lines have their markers at different places.</param>
    public void Line(IReadOnlyList<double> x, IReadOnlyList<double> y, ChartLook look, int number)
    {
        int count = Math.Min(x.Count, y.Count),
            step = count <= MarkersUpTo ? 1 : count / MarkersOfMany;
        List<SKPoint> part = [],
            marked = [];
        for (int i = 0; i <= count; i++)
        {
            if (i < count && double.IsFinite(x[i]) && double.IsFinite(y[i]))
            {
                part.Add(At(x[i], y[i]));
                if (step == 1 || i % step == number * 3 % step)
                {
                    marked.Add(part[^1]);
                }

                continue;
            }

            marked.AddRange(part.Count == 1 && !marked.Contains(part[0]) ? part : []);
            ChartInk.Line(canvas, part, look, 2);
            part = [];
        }

        marked.ForEach(point => ChartInk.Marker(canvas, point, look, 4));
    }

    /// <summary>A bar from zero, or from the axis' end.</summary>
    public void Bar(double x, double width, double value, SKColor color)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        using var fill = new SKPaint { Color = color };
        var (from, to) = (At(x - (width / 2), Math.Clamp(0, yAxis.First, yAxis.Last)), At(x + (width / 2), value));
        canvas.DrawRect(SKRect.Create(from.X, Math.Min(from.Y, to.Y), Math.Max(1, to.X - from.X), Math.Abs(to.Y - from.Y)), fill);
    }

    /// <summary>A bar of so much more and less than a value.</summary>
    public void Deviation(double x, double value, double deviation)
    {
        if (!double.IsFinite(value) || !double.IsFinite(deviation))
        {
            return;
        }

        using var ink = new SKPaint { Color = SKColors.Gray, IsAntialias = true };
        var (top, bottom) = (At(x, value + deviation), At(x, value - deviation));
        canvas.DrawLine(top, bottom, ink);
        canvas.DrawLine(top.X - 3, top.Y, top.X + 3, top.Y, ink);
        canvas.DrawLine(bottom.X - 3, bottom.Y, bottom.X + 3, bottom.Y, ink);
    }

    public void Vertical(double x, ChartLook look)
    {
        if (double.IsFinite(x))
        {
            float at = At(x, yAxis.First).X;
            ChartInk.Line(canvas, [new SKPoint(at, plot.Top), new SKPoint(at, plot.Bottom)], look, 2);
        }
    }

    /// <summary>A ring about a point.</summary>
    public void Ring(double x, double y, SKColor color) => ChartInk.Ring(canvas, At(x, y), color);

    /// <summary>Marks the places of values that are NaN, at the bottom, or infinite, at the end they lie beyond.</summary>
    public void NotFinite(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        for (int i = 0; i < Math.Min(x.Count, y.Count); i++)
        {
            if (double.IsFinite(x[i]) && !double.IsFinite(y[i]))
            {
                var place = new SKPoint(
                    At(x[i], yAxis.First).X,
                    double.IsPositiveInfinity(y[i]) ? plot.Top + 6 : plot.Bottom - 6
                );
                ChartInk.Cross(canvas, place, double.IsNaN(y[i]) ? ColorMaps.NotANumber : ColorMaps.Infinite);
            }
        }
    }

    private SKPoint At(double x, double y) =>
        new(
            (float)(plot.Left + ((x - xAxis.First) / (xAxis.Last - xAxis.First) * plot.Width)),
            (float)(plot.Bottom - ((y - yAxis.First) / (yAxis.Last - yAxis.First) * plot.Height))
        );
}

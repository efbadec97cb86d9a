using System.Globalization;
using VisionSeqModels.Visualization;

namespace VisionSeqModels.Studies;

/// <summary>The part of the plane that a chart shows, and its round tick values.</summary>
internal sealed record ChartRange(double First, double Last, double Least, double Most)
{
    private const double Margin = 0.04;
    private static readonly int[] Digits = [1, 2, 5, 10];

    /// <summary>What holds all finite points; null where there is none.</summary>
    public static ChartRange? Of(IEnumerable<LineSeries> series)
    {
        var points = series.SelectMany(line => line.X.Zip(line.Y)).Where(point => double.IsFinite(point.Second)).ToList();
        if (points.Count == 0)
        {
            return null;
        }

        double first = points.Min(point => point.First), last = points.Max(point => point.First), least = points.Min(point => point.Second), most = points.Max(point => point.Second);
        double margin = most > least ? Margin * (most - least) : Math.Max(Math.Abs(most), 1) * Margin;
        return new ChartRange(first, Math.Max(last, first + 1), least - margin, most + margin);
    }

    /// <summary>Values of one, two or five times a power of ten between the least and the most, with as many digits as tell them apart.</summary>
    public IReadOnlyList<(double Value, string Text)> TicksY(int about) => Ticks(Least, Most, about, whole: false);

    /// <summary>The same along the epochs, whole ones only.</summary>
    public IReadOnlyList<(double Value, string Text)> TicksX(int about) => Ticks(First, Last, about, whole: true);

    private static List<(double Value, string Text)> Ticks(double least, double most, int about, bool whole)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10((most - least) / about)));
        double step = Digits.Select(digit => digit * power).First(step => (most - least) / step <= about);
        step = whole ? Math.Max(1, Math.Round(step)) : step;
        int digits = Math.Max(0, (int)-Math.Floor(Math.Log10(step) + 1e-9));
        bool small = digits <= 6 && Math.Abs(most) < 1e6;
        var ticks = new List<(double Value, string Text)>();
        for (double i = Math.Ceiling((least / step) - 1e-9) + 0.0; i * step <= most + (1e-9 * step); i++)
        {
            double value = (i * step) + 0.0; // no negative zero
            ticks.Add((value, value.ToString(small ? $"f{digits}" : "0.##e0", CultureInfo.InvariantCulture)));
        }

        return ticks;
    }
}

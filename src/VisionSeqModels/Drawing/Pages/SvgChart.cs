using System.Globalization;
using System.Text;

namespace VisionSeqModels.Drawing;

/// <summary>Lines as an SVG picture within a page. Colours are the page's own, so that they suit its light and its dark;
/// <see cref="SvgChartScript"/> shows values, hides lines and draws other axes.</summary>
internal static class SvgChart
{
    private const int ManyLines = 24;
    private const int Rim = 5;

    /// <summary>Draws lines; those of one setting have one colour, marker and kind of dashes. A mean has its band behind it; of
    /// parts only the numbers are there, for the script.</summary>
    public static string Draw(string title, CurveAxes axes, IReadOnlyList<Curve> curves, SvgSize size)
    {
        string[] labels = [.. axes.Values.Values.Select(axes.Values.Label)];
        int left = size.Left(Math.Max(5, labels.Max(label => label.Length))),
            width = size.Width - left - SvgSize.Right,
            height = size.Height - SvgSize.Top - size.Bottom;
        double X(double epoch) => (epoch - axes.Epochs.First) / (axes.Epochs.Last - axes.Epochs.First) * width;
        double Y(double value) => (axes.Values.Last - value) / (axes.Values.Last - axes.Values.First) * height;

        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"chart{(curves.Count(curve => !curve.IsPart) > ManyLines ? " many" : "")}\" viewBox=\"0 0 {size.Width} "
                + $"{size.Height}\" data-ticks=\"{size.EpochTicks} {size.ValueTicks}\" data-x=\"{axes.Epochs.First} "
                + $"{axes.Epochs.Last}\" data-y=\"{axes.Values.First} {axes.Values.Last}\" tabindex=\"0\" role=\"img\" "
                + $"aria-label=\"{ReportPage.Text(title)}; arrow keys show the values\"><g class=\"axes\">"
        );
        foreach (var (value, label) in axes.Values.Values.Zip(labels))
        {
            double y = SvgSize.Top + Y(value);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path class=\"grid\" d=\"M{left} {y:0.#}h{width}\"/><text x=\"{left - 5}\" y=\"{y:0.#}\" "
                    + $"dy=\".35em\" text-anchor=\"end\">{label}</text>"
            );
        }

        foreach (double epoch in axes.Epochs.Values)
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"{left + X(epoch):0.#}\" y=\"{size.Height - 5}\" "
                    + $"text-anchor=\"middle\">{axes.Epochs.Label(epoch)}</text>"
            );
        }

        // A picture of its own within: what leaves the axes is cut off, but not the outer half of a dot that lies on them.
        svg.Append(
            CultureInfo.InvariantCulture,
            $"</g><svg class=\"plot\" x=\"{left - Rim}\" y=\"{SvgSize.Top - Rim}\" width=\"{width + (2 * Rim)}\" "
                + $"height=\"{height + (2 * Rim)}\" viewBox=\"{-Rim} {-Rim} {width + (2 * Rim)} "
                + $"{height + (2 * Rim)}\"><rect width=\"{width}\" height=\"{height}\" fill=\"none\"/>"
        );
        bool dots = curves.Where(HasDots).Sum(curve => curve.Points.Count) <= size.MostDots;
        foreach (var setting in curves.GroupBy(curve => curve.Setting))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g class=\"{Style(setting.Key)}\" data-s=\"{setting.Key}\">");
            foreach (var curve in setting)
            {
                Line(svg, curve, dots, X, Y);
            }

            svg.Append("</g>");
        }

        return svg.Append("</svg></svg>").ToString();
    }

    /// <summary>The classes that give a setting's lines their colour and dashes.</summary>
    public static string Style(int setting)
    {
        var look = ChartLook.Of(setting);
        return string.Create(CultureInfo.InvariantCulture, $"c{look.Color} d{look.Dash}");
    }

    /// <summary>A setting's marker at a point, up to its end: what stands in it, and its closing tag, follow.</summary>
    public static string Dot(int setting, double x, double y, string role = "")
    {
        int marker = ChartLook.Of(setting).Marker;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<path class=\"dot{(ChartMarkers.IsFilled(marker) ? "" : " open")}{role}\" transform=\"translate({x:0.#} {y:0.#}) "
                + $"scale(2.5)\" d=\"{ChartMarkers.Path(marker)}\">"
        );
    }

    private static bool HasDots(Curve curve) => curve is { IsPart: false, Role: 0 };

    private static void Line(StringBuilder svg, Curve curve, bool dots, Func<double, double> x, Func<double, double> y)
    {
        string role = string.Create(CultureInfo.InvariantCulture, $"r{curve.Role}{(curve.IsPart ? " part" : "")}");
        string At(double epoch, double value) => string.Create(CultureInfo.InvariantCulture, $"{x(epoch):0.#},{y(value):0.#}");
        if (curve.Band is { } band)
        {
            var there = curve.Points.Zip(band, (point, range) => At(point.Epoch, range.Most));
            var back = curve.Points.Zip(band, (point, range) => At(point.Epoch, range.Least)).Reverse();
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"band {role}\" d=\"M").AppendJoin('L', there.Concat(back));
            svg.Append("Z\"/>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{role}\" data-n=\"{ReportPage.Text(curve.Name)}\"");
        svg.Append(" data-v=\"").AppendJoin(' ', curve.Points.Select(point => Number(point.Value)));
        if (curve.Band is not null)
        {
            svg.Append("\" data-lo=\"").AppendJoin(' ', curve.Band.Select(range => Number(range.Least)));
            svg.Append("\" data-hi=\"").AppendJoin(' ', curve.Band.Select(range => Number(range.Most)));
        }

        if (curve.Points.Where((point, i) => point.Epoch != i + 1).Any())
        {
            svg.Append("\" data-x=\"").AppendJoin(' ', curve.Points.Select(point => point.Epoch));
        }

        if (!curve.IsPart)
        {
            svg.Append("\" points=\"").AppendJoin(' ', curve.Points.Select(point => At(point.Epoch, point.Value)));
        }

        svg.Append("\"/>");
        bool isMarked = !curve.IsPart && (curve.Points.Count == 1 || (dots && HasDots(curve)));
        foreach (var (epoch, value) in isMarked ? curve.Points : [])
        {
            svg.Append(Dot(curve.Setting, x(epoch), y(value), " " + role))
                .Append(
                    CultureInfo.InvariantCulture,
                    $"<title>{ReportPage.Text(curve.Name)}, epoch {epoch}: {Number(value)}</title></path>"
                );
        }
    }

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using VisionSeqModels.Drawing;

namespace VisionSeqModels.Studies;

/// <summary>Lines as an SVG picture within a page. Colours are the page's own, so that they suit its light and its dark;
/// <see cref="SvgChartScript"/> shows values and hides lines.</summary>
internal static class SvgChart
{
    private const int ManyLines = 24;
    private const int Rim = 5;

    /// <summary>Draws lines; those of one setting have one colour, marker and kind of dashes.</summary>
    public static string Draw(string title, CurveAxes axes, IReadOnlyList<Curve> curves, SvgSize size)
    {
        string[] labels = [.. axes.Values.Values.Select(axes.Values.Label)];
        int left = size.Left(labels.Max(label => label.Length)),
            width = size.Width - left - SvgSize.Right,
            height = size.Height - SvgSize.Top - size.Bottom;
        double X(double epoch) => (epoch - axes.Epochs.First) / (axes.Epochs.Last - axes.Epochs.First) * width;
        double Y(double value) => (axes.Values.Last - value) / (axes.Values.Last - axes.Values.First) * height;

        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg class=\"chart{(curves.Count > ManyLines ? " many" : "")}\" viewBox=\"0 0 {size.Width} "
                + $"{size.Height}\" tabindex=\"0\" role=\"img\" aria-label=\"{ReportPage.Text(title)}; arrow keys show the "
                + $"values\">"
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
            $"<svg class=\"plot\" x=\"{left - Rim}\" y=\"{SvgSize.Top - Rim}\" width=\"{width + (2 * Rim)}\" "
                + $"height=\"{height + (2 * Rim)}\" viewBox=\"{-Rim} {-Rim} {width + (2 * Rim)} "
                + $"{height + (2 * Rim)}\"><rect width=\"{width}\" height=\"{height}\" fill=\"none\"/>"
        );
        bool dots = curves.Sum(curve => curve.Points.Count) <= size.MostDots;
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
    public static string Dot(int setting, double x, double y)
    {
        int marker = ChartLook.Of(setting).Marker;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<path class=\"dot{(ChartMarkers.IsFilled(marker) ? "" : " open")}\" transform=\"translate({x:0.#} {y:0.#}) "
                + $"scale(2.5)\" d=\"{ChartMarkers.Path(marker)}\">"
        );
    }

    private static void Line(StringBuilder svg, Curve curve, bool dots, Func<double, double> x, Func<double, double> y)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<polyline data-n=\"{ReportPage.Text(curve.Name)}\" data-v=\"");
        svg.AppendJoin(' ', curve.Points.Select(point => Number(point.Value)));
        if (curve.Points.Where((point, i) => point.Epoch != i + 1).Any())
        {
            svg.Append("\" data-x=\"").AppendJoin(' ', curve.Points.Select(point => point.Epoch));
        }

        svg.Append("\" points=\"")
            .AppendJoin(
                ' ',
                curve.Points.Select(point =>
                    string.Create(CultureInfo.InvariantCulture, $"{x(point.Epoch):0.#},{y(point.Value):0.#}")
                )
            )
            .Append("\"/>");
        foreach (var (epoch, value) in dots || curve.Points.Count == 1 ? curve.Points : [])
        {
            svg.Append(Dot(curve.Setting, x(epoch), y(value)))
                .Append(
                    CultureInfo.InvariantCulture,
                    $"<title>{ReportPage.Text(curve.Name)}, epoch {epoch}: {Number(value)}</title></path>"
                );
        }
    }

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
